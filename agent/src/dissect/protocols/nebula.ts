import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Version 1, type 0 (handshake). */
const HANDSHAKE = 0x10;
const HEADER_OCTETS = 16;
/** A key, at least, follows. */
const SHORTEST = HEADER_OCTETS + 32;

export const nebula = defineSignature({
  name: "nebula",
  label: "Nebula",
  category: "VPN",
  transport: ["udp"],
  ports: [4242],
  firstOctets: [HANDSHAKE],
  source: "Nebula (Slack), header.go: version and type, subtype, reserved, index, counter",
  probe: ({ buf, off, end }) => {
    if (end - off < SHORTEST || u8(buf, off) !== HANDSHAKE || u8(buf, off + 1) !== 0 || u16(buf, off + 2) !== 0)
      return PROBE_NO;
    // First message: no index yet, counter 1; second: the asker's index, counter 2.
    const counter = u32(buf, off + 12);
    if (u32(buf, off + 8) !== 0 || counter < 1 || counter > 2) return PROBE_NO;
    return (counter === 1) === (u32(buf, off + 4) === 0) ? PROBE_YES : PROBE_NO;
  },
});
