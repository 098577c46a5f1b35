import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** [APPLICATION n] of requests and answers: bind, unbind, search, modify, add, delete, rename, compare, abandon, extended. */
const OPERATIONS: ReadonlySet<number> = new Set([
  0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x4a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x50, 0x73, 0x77,
  0x78,
]);

export const ldap = defineSignature({
  name: "ldap",
  label: "LDAP",
  category: "System",
  transport: ["tcp", "udp"],
  ports: [389, 3268],
  firstOctets: [0x30],
  source: "RFC 4511 §4.1.1, §5.1",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (u8(buf, off) !== 0x30) return PROBE_NO;
    const isOwn = serverPort === 389 || serverPort === 3268;
    // Elsewhere only a bind with version 3 is believed (§4.2): other protocols begin with sequences too.
    if (!isOwn) return isBind(buf, off, end) ? PROBE_YES : PROBE_NO;
    if (end - off < 9) return PROBE_MORE;
    // Sequence, its length in the short form or in one to four octets, then the number of the message.
    const first = u8(buf, off + 1);
    if (first > 0x84 || first === 0x80) return PROBE_NO;
    const id = off + 2 + (first > 0x80 ? first - 0x80 : 0);
    if (id + 2 >= end) return PROBE_MORE;
    const idOctets = u8(buf, id + 1);
    if (u8(buf, id) !== 2 || idOctets < 1 || idOctets > 4) return PROBE_NO;
    const operation = id + 2 + idOctets;
    if (operation >= end) return PROBE_MORE;
    return OPERATIONS.has(u8(buf, operation)) ? PROBE_YES : PROBE_NO;
  },
});

/** Short lengths, a message number of one octet, a bind request, version 2 or 3. */
const isBind = (buf: Uint8Array, off: number, end: number): boolean =>
  end - off >= 12 &&
  u8(buf, off + 1) === end - off - 2 &&
  u8(buf, off + 2) === 2 &&
  u8(buf, off + 3) === 1 &&
  u8(buf, off + 5) === 0x60 &&
  u8(buf, off + 7) === 2 &&
  u8(buf, off + 8) === 1 &&
  (u8(buf, off + 9) === 2 || u8(buf, off + 9) === 3);
