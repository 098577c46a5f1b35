import { u8 } from "../core/bytes.ts";

const digit = (octet: number): number => (octet >= 0x30 && octet <= 0x39 ? octet - 0x30 : -1);

/** Code of a reply line of FTP and SMTP (RFC 959 §4.2, RFC 5321 §4.2): 100 to 599, or 0 when it has none. */
export function replyCode(buf: Uint8Array, start: number, end: number): number {
  if (end - start < 3) return 0;
  const a = digit(u8(buf, start));
  const b = digit(u8(buf, start + 1));
  const c = digit(u8(buf, start + 2));
  return a >= 1 && a <= 5 && b >= 0 && c >= 0 ? a * 100 + b * 10 + c : 0;
}

/** True if the reply goes on with another line ("250-"). */
export const isReplyOpen = (buf: Uint8Array, start: number, end: number): boolean =>
  end - start > 3 && u8(buf, start + 3) === 0x2d;

/** True if `text` stands in [off, end), ASCII letters of any case. `text` in lower case. */
export function containsWord(buf: Uint8Array, off: number, end: number, text: string): boolean {
  for (let at = off; at + text.length <= end; at++) if (startsWithWord(buf, at, end, text)) return true;
  return false;
}

/** True if `text` stands at `off`, ASCII letters of any case. `text` in lower case. */
export function startsWithWord(buf: Uint8Array, off: number, end: number, text: string): boolean {
  if (off + text.length > end) return false;
  for (let i = 0; i < text.length; i++) {
    const octet = u8(buf, off + i);
    const lower = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    if (lower !== text.charCodeAt(i)) return false;
  }
  return true;
}
