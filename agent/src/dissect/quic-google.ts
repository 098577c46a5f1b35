import { startsWithAscii, u16le, u32le } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";

/** What Google's own handshake says in clear, until Q046: "QUIC Crypto", revision 20161206. */
interface GoogleHello {
  readonly sni: string;
  readonly userAgent: string;
}

const MAX_TAGS = 128;
const TAG_ENTRY = 8;
/** The CHLO stands right behind the packet and stream headers. */
const SEARCH_OCTETS = 64;

/** Finds the client hello ("CHLO", then its tags) near the start of a packet; undefined without one. */
export function findGoogleHello(buf: Uint8Array, off: number, end: number): GoogleHello | undefined {
  const limit = Math.min(end - 8, off + SEARCH_OCTETS);
  for (let at = off; at < limit; at++) if (startsWithAscii(buf, at, end, "CHLO")) return readTags(buf, at, end);
  return undefined;
}

/** Tag count (16 bits) and padding, then per tag its four letters and the end of its value, then the values. */
function readTags(buf: Uint8Array, off: number, end: number): GoogleHello {
  const count = Math.min(u16le(buf, off + 4), MAX_TAGS);
  const valuesOff = off + 8 + u16le(buf, off + 4) * TAG_ENTRY;
  let sni = "";
  let userAgent = "";
  let from = 0;
  for (let i = 0, at = off + 8; i < count && at + TAG_ENTRY <= end; i++, at += TAG_ENTRY) {
    const to = u32le(buf, at + 4);
    if (to < from || valuesOff + to > end) break;
    if (startsWithAscii(buf, at, end, "SNI\0"))
      sni = sanitizeOctets(buf, valuesOff + from, valuesOff + to).toLowerCase();
    else if (startsWithAscii(buf, at, end, "UAID")) userAgent = sanitizeOctets(buf, valuesOff + from, valuesOff + to);
    from = to;
  }
  return { sni, userAgent };
}
