import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const imo = defineSignature({
  name: "imo",
  label: "IMO",
  category: "VoIP",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x00, 0x09, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b],
  source: "imo calls: length in groups of seven bits, kind",
  probe: ({ buf, off, end }) => {
    // Relays put a zero before the length; the length counts what follows it, the datagram's end.
    let at = u8(buf, off) === 0 ? off + 1 : off;
    if (end - at < 10) return PROBE_NO;
    let length = u8(buf, at++);
    if (length >= 0x80) length = ((length & 0x7f) << 7) | u8(buf, at++);
    if (length !== end - at || end - at < 9) return PROBE_NO;
    const kind = u8(buf, at);
    if (kind === 2 || kind === 3) return length === 9 && u32(buf, at + 5) === 0 ? PROBE_YES : PROBE_NO;
    return (kind === 0x0d || kind === 0x1a) && u8(buf, at + 1) === 0 && length > 24 ? PROBE_YES : PROBE_NO;
  },
});
