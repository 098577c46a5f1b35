import { at } from "../core/bytes.ts";
import { finishHash, mixWord, wideId } from "../core/hash.ts";
import { LruMap } from "../core/lru-map.ts";
import { type Ja3, ja3Of, ja3sOf } from "./ja3.ts";
import { type Ja4Carrier, ja4Of } from "./ja4.ts";
import { type ClientHello, isGrease, offeredVersion, type ServerHello } from "./tls-hello.ts";

export interface ClientFingerprints {
  readonly ja3: Ja3;
  readonly ja4: string;
}

/** A home's programs have some hundred different hellos between them; what a flood of made-up ones adds goes again. */
const KEPT = 512;
/** Words of the longest hello: five lists of at most 512 entries each, their lengths, and what stands in front. */
const MOST_WORDS = 5 * 513 + 6;
/** Stands for all values of RFC 8701, which differ from hello to hello and count nowhere. */
const GREASE = 0x0a0a;
const SEED = 0x6a61_3334;

interface Kept extends ClientFingerprints {
  readonly words: Uint16Array;
}

/**
 * JA3 and JA4 of hellos. Every program sends the same hello again and again: what was computed for it is kept, and found by all that goes into the
 * fingerprints, compared octet for octet.
 */
export class HelloFingerprints {
  readonly #clients = new LruMap<number, Kept>(KEPT);
  readonly #servers = new LruMap<string, Ja3>(KEPT);
  readonly #words = new Uint16Array(MOST_WORDS);

  client(hello: ClientHello, carrier: Ja4Carrier): ClientFingerprints {
    const count = this.#write(hello, carrier);
    const words = this.#words;
    let low = SEED;
    let high = ~SEED;
    for (let i = 0; i < count; i++) {
      low = mixWord(low, at(words, i));
      high = Math.imul(high ^ at(words, i), 0x0100_0193);
    }
    const key = wideId(finishHash(high), finishHash(low));
    const kept = this.#clients.get(key);
    if (kept !== undefined && isSame(kept.words, words, count)) return kept;
    const made = { ja3: ja3Of(hello), ja4: ja4Of(hello, carrier), words: words.slice(0, count) };
    this.#clients.set(key, made);
    return made;
  }

  server(hello: ServerHello): Ja3 {
    const key = `${hello.legacyVersion},${hello.cipher},${hello.extensions.join()}`;
    return this.#servers.ensure(key, () => ja3sOf(hello));
  }

  /** Writes down everything that JA3 or JA4 are made of; returns the number of words. */
  #write(hello: ClientHello, carrier: Ja4Carrier): number {
    const words = this.#words;
    words[0] = carrier.charCodeAt(0);
    words[1] = hello.legacyVersion;
    words[2] = offeredVersion(hello);
    words[3] = hello.hasSni ? 1 : 0;
    words[4] = hello.alpnFirst;
    words[5] = hello.alpnLast;
    let next = this.#list(hello.ciphers, 6);
    next = this.#list(hello.extensions, next);
    next = this.#list(hello.groups, next);
    next = this.#list(hello.pointFormats, next);
    return this.#list(hello.signatureAlgorithms, next);
  }

  #list(list: readonly number[], from: number): number {
    const words = this.#words;
    let next = from + 1;
    for (const value of list) words[next++] = isGrease(value) ? GREASE : value;
    words[from] = next - from - 1;
    return next;
  }
}

function isSame(kept: Uint16Array, words: Uint16Array, count: number): boolean {
  if (kept.length !== count) return false;
  for (let i = 0; i < count; i++) if (at(kept, i) !== at(words, i)) return false;
  return true;
}
