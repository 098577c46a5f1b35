/** A run of octets that came before its turn; a copy, since the capture buffer is gone by then. */
export interface HeldSegment {
  /** Sequence number of the first octet, signed 32 bits. */
  seq: number;
  octets: Uint8Array;
}

/** Shared by all streams without a hole, which is nearly all; never written. */
const NONE: HeldSegment[] = [];

/** One direction of a TCP connection as an observer sees it. Reused: {@link reset} makes it new. */
export class TcpStream {
  /** Sequence number of the next octet to hand on, signed 32 bits; means something once `isSynced`. */
  next = 0;
  isSynced = false;
  /** Highest acknowledgement that the other end sent for this direction; means something once `hasAck`. */
  acked = 0;
  hasAck = false;
  /** Segments ahead of `next`, in order, without overlaps. */
  held: HeldSegment[] = NONE;
  heldOctets = 0;
  /** Segments in a row that lie outside of any window. */
  strays = 0;

  reset(): void {
    this.next = 0;
    this.isSynced = false;
    this.acked = 0;
    this.hasAck = false;
    this.held = NONE;
    this.heldOctets = 0;
    this.strays = 0;
  }
}
