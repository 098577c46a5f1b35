import { u8, u24 } from "../core/bytes.ts";

/** Handshake messages a dissector wants to see whole; the others are passed over (RFC 8446 §4, RFC 5246 §7.4). */
export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
export const CERTIFICATE = 11;
export const SERVER_HELLO_DONE = 14;

/** Certificate chains stay under 16 KiB in practice; post-quantum ones under 64. */
const MAX_MESSAGE = 65_536;
const HEADER = 4;

export const HANDSHAKE_OK = 0;
/** A message beyond the cap. */
export const HANDSHAKE_TOO_LONG = 1;
/** The receiver wants no more. */
const HANDSHAKE_STOP = 2;
type HandshakeCode = typeof HANDSHAKE_OK | typeof HANDSHAKE_TOO_LONG | typeof HANDSHAKE_STOP;

/** Takes one whole message; [off, end) is its body. Returns true to stop. */
export type HandshakeReceiver = (type: number, buf: Uint8Array, off: number, end: number) => boolean;

/**
 * Joins handshake messages of one direction over record borders. A message that lies whole in one record is handed over where it is; only a
 * split one is copied, into a buffer that grows with what has come, never with what a length field promises.
 */
export class HandshakeJoiner {
  private kept: Uint8Array | undefined;
  private length = 0;
  /** Octets of an unwanted message that are still to come. */
  private ignore = 0;

  /** True while nothing of a message is held or awaited. */
  get isIdle(): boolean {
    return this.length === 0 && this.ignore === 0;
  }

  /** Adds the handshake octets [off, end) of a record. */
  add(buf: Uint8Array, off: number, end: number, receive: HandshakeReceiver): HandshakeCode {
    const skipped = Math.min(this.ignore, end - off);
    this.ignore -= skipped;
    const from = off + skipped;
    if (this.length === 0) return this.walk(buf, from, end, receive);
    const kept = this.append(buf, from, end);
    const total = this.length;
    this.length = 0;
    return this.walk(kept, 0, total, receive);
  }

  private walk(buf: Uint8Array, off: number, end: number, receive: HandshakeReceiver): HandshakeCode {
    let at = off;
    while (at + HEADER <= end) {
      const type = u8(buf, at);
      const length = u24(buf, at + 1);
      const next = at + HEADER + length;
      if (!isWanted(type)) {
        this.ignore = Math.max(0, next - end);
        at = Math.min(next, end);
        continue;
      }
      if (length > MAX_MESSAGE) return HANDSHAKE_TOO_LONG;
      if (next > end) break;
      if (receive(type, buf, at + HEADER, next)) return HANDSHAKE_STOP;
      at = next;
    }
    if (at < end) this.append(buf, at, end);
    return HANDSHAKE_OK;
  }

  /** Copies to the end of what is kept; `buf` may be the kept buffer itself. */
  private append(buf: Uint8Array, off: number, end: number): Uint8Array {
    if (buf === this.kept && off === 0) {
      this.length = end;
      return buf;
    }
    const total = this.length + end - off;
    let kept = this.kept;
    if (kept === undefined || kept.length < total) {
      kept = new Uint8Array(Math.max(1024, 1 << (32 - Math.clz32(total - 1))));
      if (this.kept !== undefined) kept.set(this.kept.subarray(0, this.length));
      this.kept = kept;
    }
    kept.set(buf.subarray(off, end), this.length);
    this.length = total;
    return kept;
  }
}

const isWanted = (type: number): boolean =>
  type === CLIENT_HELLO || type === SERVER_HELLO || type === CERTIFICATE || type === SERVER_HELLO_DONE;
