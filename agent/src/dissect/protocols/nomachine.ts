import { u8, u16, u16le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["NXSH-", "NXD-"] as const;
const PORT = 4000;
/** Kinds of datagrams: client and server. */
const KINDS = [1, 2] as const;

export const nomachine = defineSignature({
  name: "nomachine",
  label: "NoMachine",
  category: "RemoteAccess",
  transport: ["tcp", "udp"],
  ports: [PORT],
  firstOctets: [...firstOctetsOf(...BEGINNINGS), ...KINDS],
  source:
    "NX protocol, greeting of NoMachine 4 and later; its datagrams: kind, one, length of the whole, counter, zero",
  probe: (slice, { serverPort }) => {
    const { buf, off, end } = slice;
    if (u8(buf, off) > 2) return probeBeginnings(slice, BEGINNINGS);
    if (end - off < 10 || u8(buf, off + 1) !== 0 || u16le(buf, off + 2) !== 1) return PROBE_NO;
    if (u16le(buf, off + 4) !== end - off || u16(buf, off + 8) !== 0) return PROBE_NO;
    // Elsewhere than on its port the counter must be young, as it is when a flow begins.
    return serverPort === PORT || u16le(buf, off + 6) < 8 ? PROBE_YES : PROBE_NO;
  },
});
