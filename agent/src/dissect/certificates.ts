import { at, u8 } from "../core/bytes.ts";
import { finishHash, wideId } from "../core/hash.ts";
import { LruMap } from "../core/lru-map.ts";
import { parseCertificate, type X509Certificate } from "./x509-certificate.ts";

/** A home talks to some hundred services, whose chains share most of their certificates. */
const KEPT = 512;
/** Longer ones are rare, and are read each time: what is kept stays under 2 MiB. */
const MOST_OCTETS = 4096;

interface Kept {
  readonly octets: Uint8Array;
  readonly certificate: X509Certificate;
}

/** Reads certificates; the same ones come with every connection to a service, so those read lately are kept and compared octet for octet. */
export class Certificates {
  readonly #kept = new LruMap<number, Kept>(KEPT);

  /** As {@link parseCertificate}. */
  read(buf: Uint8Array, off: number, end: number): X509Certificate | undefined {
    if (end - off > MOST_OCTETS) return parseCertificate(buf, off, end);
    const key = hashOf(buf, off, end);
    const known = this.#kept.get(key);
    if (known !== undefined && isSame(known.octets, buf, off, end)) return known.certificate;
    const certificate = parseCertificate(buf, off, end);
    if (certificate !== undefined) this.#kept.set(key, { octets: buf.slice(off, end), certificate });
    return certificate;
  }
}

function hashOf(buf: Uint8Array, off: number, end: number): number {
  let low = 0x811c_9dc5 | 0;
  let high = end - off;
  for (let i = off; i < end; i++) {
    low = Math.imul(low ^ u8(buf, i), 0x0100_0193);
    high = (Math.imul(high, 31) + u8(buf, i)) | 0;
  }
  return wideId(finishHash(high), finishHash(low));
}

function isSame(octets: Uint8Array, buf: Uint8Array, off: number, end: number): boolean {
  if (octets.length !== end - off) return false;
  for (let i = 0; i < octets.length; i++) if (at(octets, i) !== u8(buf, off + i)) return false;
  return true;
}
