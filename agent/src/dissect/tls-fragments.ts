import { u8, u16, u24 } from "../core/bytes.ts";
import type { HandshakeReceiver } from "./tls-handshake.ts";

const HEADER = 12;
/** Certificate chains over DTLS are short: every fragment costs a datagram. */
const MAX_MESSAGE = 16_384;
const STEP = 1024;

/**
 * Joins handshake messages of one direction of DTLS (RFC 6347 §4.2.2): each fragment names its message and place. One message is put together
 * at a time; whole ones are handed over where they are, repeated ones once.
 */
export class FragmentJoiner {
  private octets = new Uint8Array(0);
  private filled = new Uint8Array(0);
  private have = 0;
  private sequence = -1;
  private total = 0;
  /** Highest message handed over. */
  private last = -1;

  /** Takes the handshake octets [off, end) of a record; true when the receiver wants no more. */
  add(buf: Uint8Array, off: number, end: number, receive: HandshakeReceiver): boolean {
    let at = off;
    while (at + HEADER <= end) {
      const length = u24(buf, at + 1);
      const from = u24(buf, at + 6);
      const size = u24(buf, at + 9);
      const next = at + HEADER + size;
      if (next > end || from + size > length || length > MAX_MESSAGE) return false;
      if (this.take(buf, at, length, from, size, receive)) return true;
      at = next;
    }
    return false;
  }

  private take(
    buf: Uint8Array,
    at: number,
    length: number,
    from: number,
    size: number,
    receive: HandshakeReceiver,
  ): boolean {
    const sequence = u16(buf, at + 4);
    if (sequence <= this.last) return false;
    const type = u8(buf, at);
    if (size === length) return this.give(sequence, type, buf, at + HEADER, at + HEADER + size, receive);
    if (sequence !== this.sequence || length !== this.total) this.begin(sequence, length);
    this.grow(from + size);
    for (let i = 0; i < size; i++) {
      if (this.filled[from + i] === 0) this.have++;
      this.filled[from + i] = 1;
      this.octets[from + i] = u8(buf, at + HEADER + i);
    }
    return this.have === length && this.give(sequence, type, this.octets, 0, length, receive);
  }

  private give(
    sequence: number,
    type: number,
    buf: Uint8Array,
    off: number,
    end: number,
    receive: HandshakeReceiver,
  ): boolean {
    this.last = sequence;
    return receive(type, buf, off, end);
  }

  private begin(sequence: number, length: number): void {
    this.sequence = sequence;
    this.total = length;
    this.have = 0;
    this.filled.fill(0);
  }

  /** Grows with what has come, not with what a header promises. */
  private grow(length: number): void {
    if (length <= this.octets.length) return;
    const size = Math.ceil(length / STEP) * STEP;
    const octets = new Uint8Array(size);
    const filled = new Uint8Array(size);
    octets.set(this.octets);
    filled.set(this.filled);
    this.octets = octets;
    this.filled = filled;
  }
}
