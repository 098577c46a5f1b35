import { at } from "../core/bytes.ts";
import { readVarint, varintSize } from "./quic-header.ts";

/** A ClientHello has 300 octets to 4 KiB; twice that and more is room enough. */
const MAX_STREAM = 16_384;
const STEP = 2048;
const MAX_FRAMES = 512;

const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const ACK_ECN = 0x03;
const CRYPTO = 0x06;
export const GOOGLE_CRYPTO = 0x08;
const CONNECTION_CLOSE = 0x1c;

/** CRYPTO octets of one direction of the Initial space, put in order (RFC 9000 §19.6): they come shuffled, split and twice. */
export class CryptoStream {
  octets = new Uint8Array(0);
  /** Which octets beyond `length` are there; empty while nothing has come too early. */
  private filled = new Uint8Array(0);
  /** Octets from the start that are all there. */
  length = 0;
  isClosed = false;
  /** Type octet of the CRYPTO frame: Google's Q050 has its own. */
  cryptoFrame = CRYPTO;

  /** Takes the frames of one Initial packet; false when one is not allowed there or does not fit. What came before it stays. */
  takeFrames(frames: Uint8Array): boolean {
    let off = 0;
    for (let n = 0; off < frames.length && n < MAX_FRAMES; n++) {
      const type = at(frames, off);
      if (type === PADDING) {
        while (off < frames.length && frames[off] === PADDING) off++;
        continue;
      }
      const next =
        type === PING ? off + 1 : type === this.cryptoFrame ? this.crypto(frames, off + 1) : skipFrame(frames, off);
      if (next < 0) return false;
      if (type === CONNECTION_CLOSE) this.isClosed = true;
      off = next;
    }
    return true;
  }

  private crypto(frames: Uint8Array, off: number): number {
    const { length: end } = frames;
    const offsetSize = varintSize(frames, off, end);
    if (offsetSize === 0) return -1;
    const lengthSize = varintSize(frames, off + offsetSize, end);
    if (lengthSize === 0) return -1;
    const from = off + offsetSize + lengthSize;
    const to = from + readVarint(frames, off + offsetSize, lengthSize);
    if (to > end) return -1;
    this.put(readVarint(frames, off, offsetSize), frames, from, to);
    return to;
  }

  private put(offset: number, frames: Uint8Array, from: number, to: number): void {
    const end = offset + to - from;
    if (end > MAX_STREAM) return;
    if (end > this.octets.length) {
      const size = Math.ceil(end / STEP) * STEP;
      const octets = new Uint8Array(size);
      octets.set(this.octets);
      this.octets = octets;
    }
    this.octets.set(frames.subarray(from, to), offset);
    if (offset > this.length) this.note(offset, end);
    else if (end > this.length) {
      this.length = end;
      while (this.length < this.filled.length && at(this.filled, this.length) === 1) this.length++;
    }
  }

  /** Octets [from, to) came before those in front of them. */
  private note(from: number, to: number): void {
    if (to > this.filled.length) {
      const filled = new Uint8Array(this.octets.length);
      filled.set(this.filled);
      this.filled = filled;
    }
    this.filled.fill(1, from, to);
  }
}

/** Offset after an ACK or CONNECTION_CLOSE frame; -1 for frames that an Initial packet must not have. */
function skipFrame(frames: Uint8Array, off: number): number {
  const type = at(frames, off);
  if (type === CONNECTION_CLOSE) return frames.length;
  if (type !== ACK && type !== ACK_ECN) return -1;
  // Largest, delay, range count, first range; then a gap and a length per range; then three counts with ECN.
  let next = skipVarints(frames, off + 1, 2);
  const size = next < 0 ? 0 : varintSize(frames, next, frames.length);
  if (size === 0) return -1;
  const ranges = readVarint(frames, next, size);
  if (ranges > frames.length) return -1;
  next = skipVarints(frames, next + size, 1 + 2 * ranges);
  return next < 0 || type === ACK ? next : skipVarints(frames, next, 3);
}

function skipVarints(frames: Uint8Array, off: number, count: number): number {
  let next = off;
  for (let i = 0; i < count; i++) {
    const size = varintSize(frames, next, frames.length);
    if (size === 0) return -1;
    next += size;
  }
  return next;
}
