import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "Bin";
const MAX_LENGTH = 0x10_0000;

export const homematicRpc = defineSignature({
  name: "homematic-rpc",
  label: "HomeMatic",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [2001],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "eQ-3 HomeMatic binary RPC (binrpc): header",
  probe: (slice) => {
    const { buf, off, end } = slice;
    const code = probeBeginning(slice, BEGINNING);
    if (code !== PROBE_YES) return code;
    if (end - off < 8) return PROBE_MORE;
    // Request, answer, fault; with or without a header of its own.
    const kind = u8(buf, off + 3);
    const isKind = kind <= 1 || kind === 0x40 || kind === 0x41 || kind === 0xff;
    return isKind && u32(buf, off + 4) >= 4 && u32(buf, off + 4) <= MAX_LENGTH ? PROBE_YES : PROBE_NO;
  },
});
