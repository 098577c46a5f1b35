import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type Slice } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Tags [APPLICATION n] of requests and answers (RFC 4120 §5.10). */
const TAGS: ReadonlySet<number> = new Set([0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x7e]);

export const krb5 = defineSignature({
  name: "krb5",
  label: "Kerberos",
  category: "Network",
  transport: ["udp", "tcp"],
  ports: [88],
  firstOctets: [0x00, ...TAGS],
  source: "RFC 4120 §5.4, §5.9, §7.2",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (TAGS.has(u8(buf, off))) return isMessage(slice, off) ? PROBE_YES : PROBE_NO;
    // Over TCP a message comes after its length.
    if (u8(buf, off) !== 0) return PROBE_NO;
    if (end - off < 20) return PROBE_MORE;
    return u32(buf, off) < 0x1_0000 && TAGS.has(u8(buf, off + 4)) && isMessage(slice, off + 4) ? PROBE_YES : PROBE_NO;
  },
});

/** Behind the length of a BER value at `at`, which may be long; -1 = no length that is used here. */
function content(buf: Uint8Array, at: number): number {
  const first = u8(buf, at + 1);
  if (first < 0x80) return at + 2;
  return first === 0x81 ? at + 3 : first === 0x82 ? at + 4 : -1;
}

/** Application tag, sequence, version 5, then the kind of message, which is that of the tag. */
function isMessage({ buf, end }: Slice, off: number): boolean {
  if (end - off < 18) return false;
  const sequence = content(buf, off);
  if (sequence < 0 || u8(buf, sequence) !== 0x30) return false;
  const version = content(buf, sequence);
  if (version < 0 || version + 10 > end) return false;
  const first = u8(buf, version);
  if ((first !== 0xa0 && first !== 0xa1) || u16(buf, version + 1) !== 0x0302 || u16(buf, version + 3) !== 0x0105)
    return false;
  if (u8(buf, version + 5) !== first + 1 || u16(buf, version + 6) !== 0x0302 || u8(buf, version + 8) !== 1)
    return false;
  return u8(buf, version + 9) === (u8(buf, off) & 0x1f);
}
