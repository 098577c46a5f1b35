import { i32At, u8, u32 } from "./bytes.ts";

const BLOCK = 16;
const ROUND_KEYS = 44;

/** Substitution box, and the first round table (the others are its rotations), made from the field's arithmetic (FIPS 197 §4.2, §5.1). */
const [BOX, TABLE] = makeTables();

function makeTables(): [Uint8Array, Int32Array] {
  const box = new Uint8Array(256);
  const table = new Int32Array(256);
  // p runs through the powers of 3, q through those of its inverse.
  let p = 1;
  let q = 1;
  const rotate = (value: number, by: number): number => ((value << by) | (value >>> (8 - by))) & 0xff;
  do {
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    box[p] = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63;
  } while (p !== 1);
  box[0] = 0x63;
  for (let i = 0; i < 256; i++) {
    const s = box[i] ?? 0;
    const twice = ((s << 1) ^ (s & 0x80 ? 0x11b : 0)) & 0xff;
    table[i] = (twice << 24) | (s << 16) | (s << 8) | (twice ^ s);
  }
  return [box, table];
}

/** AES-128 in the forward direction (FIPS 197): all that counter mode and QUIC's header protection need. Keeps one key. */
export class Aes128 {
  readonly #keys = new Int32Array(ROUND_KEYS);

  /** 16 octets at `off`. */
  key(key: Uint8Array, off: number): void {
    const keys = this.#keys;
    for (let i = 0; i < 4; i++) keys[i] = u32(key, off + i * 4);
    let constant = 1;
    for (let i = 4; i < ROUND_KEYS; i++) {
      let word = i32At(keys, i - 1);
      if ((i & 3) === 0) {
        word = (substitute((word << 8) | (word >>> 24)) ^ (constant << 24)) | 0;
        constant = ((constant << 1) ^ (constant & 0x80 ? 0x11b : 0)) & 0xff;
      }
      keys[i] = i32At(keys, i - 4) ^ word;
    }
  }

  /** Encrypts the block in words [at, at + 4) of `block`, in place. */
  encrypt(block: Int32Array, at: number): void {
    const keys = this.#keys;
    const table = TABLE;
    let a = i32At(block, at) ^ i32At(keys, 0);
    let b = i32At(block, at + 1) ^ i32At(keys, 1);
    let c = i32At(block, at + 2) ^ i32At(keys, 2);
    let d = i32At(block, at + 3) ^ i32At(keys, 3);
    for (let k = 4; k < 40; k += 4) {
      const e = mix(table, a, b, c, d) ^ i32At(keys, k);
      const f = mix(table, b, c, d, a) ^ i32At(keys, k + 1);
      const g = mix(table, c, d, a, b) ^ i32At(keys, k + 2);
      d = mix(table, d, a, b, c) ^ i32At(keys, k + 3);
      a = e;
      b = f;
      c = g;
    }
    block[at] = last(a, b, c, d) ^ i32At(keys, 40);
    block[at + 1] = last(b, c, d, a) ^ i32At(keys, 41);
    block[at + 2] = last(c, d, a, b) ^ i32At(keys, 42);
    block[at + 3] = last(d, a, b, c) ^ i32At(keys, 43);
  }
}

/** One column of a middle round: the table rotated by 0, 8, 16 and 24 bits. */
function mix(table: Int32Array, a: number, b: number, c: number, d: number): number {
  const t1 = i32At(table, (b >>> 16) & 0xff);
  const t2 = i32At(table, (c >>> 8) & 0xff);
  const t3 = i32At(table, d & 0xff);
  return i32At(table, a >>> 24) ^ ((t1 >>> 8) | (t1 << 24)) ^ ((t2 >>> 16) | (t2 << 16)) ^ ((t3 >>> 24) | (t3 << 8));
}

const substitute = (word: number): number => last(word, word, word, word);

const last = (a: number, b: number, c: number, d: number): number =>
  (u8(BOX, a >>> 24) << 24) | (u8(BOX, (b >>> 16) & 0xff) << 16) | (u8(BOX, (c >>> 8) & 0xff) << 8) | u8(BOX, d & 0xff);

/** Reduction of the four bits that are shifted out of a GHASH accumulator (NIST SP 800-38D §6.3, method of Shoup's tables). */
const REDUCE = makeReduction();

function makeReduction(): Int32Array {
  const table = new Int32Array(16);
  for (let i = 0; i < 16; i++) {
    let value = 0;
    for (let bit = 0; bit < 4; bit++) if ((i & (1 << bit)) !== 0) value ^= 0xe1000000 >>> (3 - bit);
    table[i] = value;
  }
  return table;
}

/** AES-128-GCM, opening only (NIST SP 800-38D), for nonces of 12 octets. One object serves all keys; nothing is allocated in a call. */
export class AesGcmOpener {
  readonly #aes = new Aes128();
  readonly #block = new Int32Array(4);
  readonly #hash = new Int32Array(4);
  /** Multiples of the hash key by the 16 values of four bits, four words each. */
  readonly #multiples = new Int32Array(64);

  /**
   * Opens [off, end) of `sealed`, the last 16 octets of which are the tag, into `out` from 0 on.
   * Returns the octets written, or -1 when the tag does not fit (the content of `out` is then of no meaning).
   */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    sealed: Uint8Array,
    off: number,
    end: number,
    out: Uint8Array,
  ): number {
    const length = end - off - BLOCK;
    if (length < 0 || length > out.length || nonce.length !== 12) return -1;
    this.#aes.key(key, 0);
    this.#prepare();
    this.#absorb(associated, 0, associated.length);
    this.#absorb(sealed, off, off + length);
    const hash = this.#hash;
    hash[1] = i32At(hash, 1) ^ (associated.length * 8);
    hash[3] = i32At(hash, 3) ^ (length * 8);
    this.#multiply();
    if (!this.#tagFits(nonce, sealed, off + length)) return -1;
    this.#decrypt(nonce, sealed, off, length, out);
    return length;
  }

  /** Hash key, its multiples, and an empty accumulator. */
  #prepare(): void {
    const m = this.#multiples;
    const block = this.#block.fill(0);
    this.#aes.encrypt(block, 0);
    m.fill(0);
    for (let i = 0; i < 4; i++) m[8 * 4 + i] = i32At(block, i);
    // The bits are reflected: 8 stands for one, 4 for x, 2 for x squared.
    for (let i = 4; i >= 1; i >>= 1) {
      const from = i * 2 * 4;
      const carry = -(i32At(m, from + 3) & 1) & 0xe1000000;
      for (let w = 3; w > 0; w--) m[i * 4 + w] = (i32At(m, from + w) >>> 1) | (i32At(m, from + w - 1) << 31);
      m[i * 4] = (i32At(m, from) >>> 1) ^ carry;
    }
    for (let i = 2; i < 16; i <<= 1)
      for (let j = 1; j < i; j++)
        for (let w = 0; w < 4; w++) m[(i + j) * 4 + w] = i32At(m, i * 4 + w) ^ i32At(m, j * 4 + w);
    this.#hash.fill(0);
  }

  #absorb(buf: Uint8Array, off: number, end: number): void {
    const hash = this.#hash;
    let at = off;
    for (; end - at >= BLOCK; at += BLOCK) {
      for (let w = 0; w < 4; w++) hash[w] = i32At(hash, w) ^ u32(buf, at + w * 4);
      this.#multiply();
    }
    if (at === end) return;
    for (let i = 0; at < end; i++, at++) hash[i >> 2] = i32At(hash, i >> 2) ^ (u8(buf, at) << (24 - (i & 3) * 8));
    this.#multiply();
  }

  /** Accumulator times hash key, four bits at a time from the lowest. */
  #multiply(): void {
    const hash = this.#hash;
    const m = this.#multiples;
    let z0 = 0;
    let z1 = 0;
    let z2 = 0;
    let z3 = 0;
    for (let w = 3; w >= 0; w--) {
      const word = i32At(hash, w);
      for (let shift = 0; shift < 32; shift += 4) {
        const rest = i32At(REDUCE, z3 & 15);
        z3 = (z3 >>> 4) | (z2 << 28);
        z2 = (z2 >>> 4) | (z1 << 28);
        z1 = (z1 >>> 4) | (z0 << 28);
        z0 = (z0 >>> 4) ^ rest;
        const from = ((word >>> shift) & 15) << 2;
        z0 ^= i32At(m, from);
        z1 ^= i32At(m, from + 1);
        z2 ^= i32At(m, from + 2);
        z3 ^= i32At(m, from + 3);
      }
    }
    hash[0] = z0;
    hash[1] = z1;
    hash[2] = z2;
    hash[3] = z3;
  }

  #counter(nonce: Uint8Array, count: number): Int32Array {
    const block = this.#block;
    for (let w = 0; w < 3; w++) block[w] = u32(nonce, w * 4);
    block[3] = count;
    this.#aes.encrypt(block, 0);
    return block;
  }

  #tagFits(nonce: Uint8Array, sealed: Uint8Array, tagOff: number): boolean {
    const mask = this.#counter(nonce, 1);
    let difference = 0;
    for (let w = 0; w < 4; w++) difference |= i32At(mask, w) ^ i32At(this.#hash, w) ^ u32(sealed, tagOff + w * 4);
    return difference === 0;
  }

  #decrypt(nonce: Uint8Array, sealed: Uint8Array, off: number, length: number, out: Uint8Array): void {
    for (let at = 0, count = 2; at < length; at += BLOCK, count++) {
      const mask = this.#counter(nonce, count);
      const size = Math.min(BLOCK, length - at);
      for (let i = 0; i < size; i++)
        out[at + i] = u8(sealed, off + at + i) ^ (i32At(mask, i >> 2) >>> (24 - (i & 3) * 8));
    }
  }
}
