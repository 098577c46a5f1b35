import { u32 } from "./bytes.ts";

/** Octets of a digest, and of the blocks that are hashed. */
export const SHA256_LENGTH = 32;
const BLOCK = 64;
const WORDS = 8;
const ROUNDS = 64;

/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2), and of the square roots of the first eight (§5.3.3). */
const [K, START] = makeConstants();

function makeConstants(): [Int32Array, Int32Array] {
  const cubes = new Int32Array(ROUNDS);
  const squares = new Int32Array(WORDS);
  const fraction = (root: number): number => ((root - Math.floor(root)) * 0x1_0000_0000) | 0;
  let found = 0;
  for (let candidate = 2; found < ROUNDS; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate && isPrime; divisor++) isPrime = candidate % divisor !== 0;
    if (!isPrime) continue;
    if (found < WORDS) squares[found] = fraction(Math.sqrt(candidate));
    cubes[found++] = fraction(Math.cbrt(candidate));
  }
  return [cubes, squares];
}

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) for keys and messages of a few octets, without an object per call: a call of the operating system's
 * library costs several times what these few blocks do.
 */
export class HmacSha256 {
  readonly #inner = new Int32Array(WORDS);
  readonly #outer = new Int32Array(WORDS);
  readonly #state = new Int32Array(WORDS);
  readonly #schedule = new Int32Array(ROUNDS);
  readonly #block = new Uint8Array(BLOCK);

  /** Sets the key: at most 64 octets, [off, end) of `key`. */
  key(key: Uint8Array, off: number, end: number): void {
    const block = this.#block;
    const length = Math.min(end - off, BLOCK);
    block.fill(0x36);
    for (let i = 0; i < length; i++) block[i] = (key[off + i] ?? 0) ^ 0x36;
    this.#inner.set(START);
    compress(this.#inner, block, 0, this.#schedule);
    for (let i = 0; i < BLOCK; i++) block[i] = (block[i] ?? 0) ^ 0x36 ^ 0x5c;
    this.#outer.set(START);
    compress(this.#outer, block, 0, this.#schedule);
  }

  /** Writes the 32 octets of the code of `message` to `out` at `at`. The message may have any length. */
  code(message: Uint8Array, out: Uint8Array, at: number): void {
    const state = this.#state;
    state.set(this.#inner);
    let off = 0;
    for (; message.length - off >= BLOCK; off += BLOCK) compress(state, message, off, this.#schedule);
    this.#finish(message, off, message.length + BLOCK);
    const block = this.#block;
    writeWords(state, block, 0);
    state.set(this.#outer);
    this.#pad(SHA256_LENGTH, SHA256_LENGTH + BLOCK);
    compress(state, block, 0, this.#schedule);
    writeWords(state, out, at);
  }

  #finish(message: Uint8Array, off: number, total: number): void {
    const block = this.#block;
    const left = message.length - off;
    for (let i = 0; i < left; i++) block[i] = message[off + i] ?? 0;
    if (left > BLOCK - 9) {
      block[left] = 0x80;
      block.fill(0, left + 1);
      compress(this.#state, block, 0, this.#schedule);
      block.fill(0);
      writeLength(block, total);
    } else this.#pad(left, total);
    compress(this.#state, block, 0, this.#schedule);
  }

  /** A one bit, zeros, the length in bits. */
  #pad(left: number, total: number): void {
    const block = this.#block;
    block[left] = 0x80;
    block.fill(0, left + 1);
    writeLength(block, total);
  }
}

function writeLength(block: Uint8Array, octets: number): void {
  const bits = octets * 8;
  block[60] = bits >>> 24;
  block[61] = bits >>> 16;
  block[62] = bits >>> 8;
  block[63] = bits;
}

function writeWords(words: Int32Array, out: Uint8Array, at: number): void {
  for (let i = 0; i < WORDS; i++) {
    const word = words[i] ?? 0;
    const place = at + i * 4;
    out[place] = word >>> 24;
    out[place + 1] = word >>> 16;
    out[place + 2] = word >>> 8;
    out[place + 3] = word;
  }
}

/** One block into the state (FIPS 180-4 §6.2.2). */
function compress(state: Int32Array, buf: Uint8Array, off: number, w: Int32Array): void {
  for (let i = 0; i < 16; i++) w[i] = u32(buf, off + i * 4);
  for (let i = 16; i < ROUNDS; i++) {
    const a = w[i - 15] as number;
    const b = w[i - 2] as number;
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
  state[4] = ((state[4] as number) + e) | 0;
  state[5] = ((state[5] as number) + f) | 0;
  state[6] = ((state[6] as number) + g) | 0;
  state[7] = ((state[7] as number) + h) | 0;
}
