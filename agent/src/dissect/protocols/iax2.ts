import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const PORT = 4569;
const HEADER_OCTETS = 12;
const IAX_FRAME = 6;
/** IAX control frames: NEW 1 … CALLTOKEN 40. */
const LAST_SUBCLASS = 40;

export const iax2 = defineSignature({
  name: "iax2",
  label: "IAX",
  category: "VoIP",
  transport: ["udp"],
  ports: [PORT],
  firstOctets: [],
  source: "RFC 5456 §8.1.1 (full frames), §8.6 (information elements)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS || (u16(buf, off) & 0x8000) === 0 || u8(buf, off + 10) !== IAX_FRAME) return PROBE_NO;
    const subclass = u8(buf, off + 11);
    if (subclass < 1 || subclass > LAST_SUBCLASS) return PROBE_NO;
    let at = off + HEADER_OCTETS;
    while (at + 2 <= end) at += 2 + u8(buf, at + 1);
    return at === end ? PROBE_YES : PROBE_NO;
  },
});
