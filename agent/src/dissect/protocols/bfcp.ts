import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const bfcp = defineSignature({
  name: "bfcp",
  label: "BFCP",
  category: "VoIP",
  transport: ["tcp", "udp"],
  ports: [],
  firstOctets: [0x20, 0x40],
  source: "RFC 8855 §5.1",
  probe: ({ buf, off, end }, { serverPort, clientPort }) => {
    if (end - off < 12) return PROBE_NO;
    const primitive = u8(buf, off + 1);
    if (primitive < 1 || primitive > 18 || serverPort < 1024 || clientPort < 1024) return PROBE_NO;
    // Version 1 or 2 without flags; the length counts words behind the header, which the message fills; conference, then transaction and user.
    if (u16(buf, off + 2) * 4 + 12 !== end - off || u32(buf, off + 4) === 0) return PROBE_NO;
    return u16(buf, off + 8) !== 0 || u16(buf, off + 10) !== 0
      ? hasAttributes(buf, off + 12, end)
        ? PROBE_YES
        : PROBE_NO
      : PROBE_NO;
  },
});

/** Attributes, type and length, that end where the message does (§5.2). */
function hasAttributes(buf: Uint8Array, off: number, end: number): boolean {
  let at = off;
  for (let n = 0; at + 2 <= end && n < 16; n++) {
    const length = u8(buf, at + 1);
    const type = u8(buf, at) >>> 1;
    if (length < 2 || type < 1 || type > 18) return false;
    at += (length + 3) & ~3;
  }
  return at === end;
}
