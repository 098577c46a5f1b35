import { unpack } from "./unpack.ts";

/** Packed octets kept of one direction: the first messages, which tell what it is. */
const MAX_PACKED = 8192;
/** The end that the sender took off each message (RFC 7692 §7.2.1). */
const TAIL = Uint8Array.of(0, 0, 0xff, 0xff);

/**
 * Unpacks the first messages of one direction (RFC 7692 permessage-deflate). A message may refer to those before it, so that all are kept, and
 * unpacked anew with each; after 8 KiB no more can be read.
 */
export class PackedMessages {
  private octets: Uint8Array = new Uint8Array(0);
  private length = 0;
  /** Octets that the messages so far made. */
  private made = 0;
  isOver = false;

  /** The message, unpacked; undefined when it cannot be read. */
  take(message: Uint8Array): Uint8Array | undefined {
    const length = this.length + message.length + TAIL.length;
    if (this.isOver || length > MAX_PACKED) return this.end();
    if (length > this.octets.length) {
      const larger = new Uint8Array(Math.min(MAX_PACKED, 2 * length));
      larger.set(this.octets.subarray(0, this.length));
      this.octets = larger;
    }
    this.octets.set(message, this.length);
    this.octets.set(TAIL, length - TAIL.length);
    this.length = length;
    const { octets, isBad, isBomb } = unpack("raw", this.octets.subarray(0, length));
    if (isBad || isBomb || octets.length <= this.made) return this.end();
    const from = this.made;
    this.made = octets.length;
    return octets.subarray(from);
  }

  /** A message went by unread: the next ones may refer to it. */
  end(): undefined {
    this.isOver = true;
    this.octets = new Uint8Array(0);
    return undefined;
  }
}
