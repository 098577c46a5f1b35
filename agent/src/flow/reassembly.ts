import type { HeldSegment, TcpStream } from "./tcp-stream.ts";

/** Takes what the reassembly makes of the segments of one owner (a flow's session). */
export interface StreamHandler<Owner> {
  /** Octets [off, end) of `buf` are next in this direction; borrowed for the call. Returns false when nothing more of the stream is wanted. */
  octets(owner: Owner, toServer: boolean, buf: Uint8Array, off: number, end: number): boolean;
  /** So many octets of this direction were never seen. Returns as {@link octets}. */
  gap(owner: Owner, toServer: boolean, octets: number): boolean;
  /** The same octets were sent twice with different content; the first stand. */
  conflict(owner: Owner, toServer: boolean): void;
}

/** Octets held for one direction while it waits for a missing segment: the largest usual receive window without scaling, four times over. */
const HELD_PER_STREAM = 256 * 1024;
/** Segments held for one direction. */
const HELD_SEGMENTS = 128;
/** Octets held over all flows. */
const HELD_IN_ALL = 16 * 1024 * 1024;
/** Nothing farther ahead is believed at once: no window of a home reaches so far (RFC 7323 allows 1 GiB). */
const REACH = 16 * 1024 * 1024;
/** So many unbelievable segments in a row, and the stream is where they say: the tap missed a long stretch. */
const STRAYS = 8;

/** What the reassembly counted. All numbers only grow, but for `heldOctets`. */
export class ReassemblyCounters {
  segments = 0;
  outOfOrder = 0;
  retransmissions = 0;
  gaps = 0;
  gapOctets = 0;
  conflicts = 0;
  /** Segments outside of any window. */
  strays = 0;
  /** Gaps declared because there was no room to wait. */
  overflows = 0;
  /** Octets held now. */
  heldOctets = 0;
}

/**
 * Puts TCP segments in order, as an observer (RFC 9293 §3.4, §3.10.7.4): what is next goes on from the capture buffer as it is, what is ahead is
 * copied and waits. Where segments overlap, the octets that came first stand; delivered octets are gone and cannot be compared any more.
 *
 * A hole is called a gap when the other end has acknowledged it, when what is held behind it fills the room, or when the flow ends; until then it
 * may still be filled. Sequence numbers are compared modulo 2^32.
 */
export class Reassembly<Owner> {
  readonly counters = new ReassemblyCounters();
  readonly #handler: StreamHandler<Owner>;

  constructor(handler: StreamHandler<Owner>) {
    this.#handler = handler;
  }

  /**
   * One segment's payload [off, end) with sequence number `seq` (signed 32 bits). `missing`: octets that were on the wire behind `end`, cut by the
   * snap length. Returns false when nothing more of the flow is wanted.
   */
  segment(
    owner: Owner,
    stream: TcpStream,
    toServer: boolean,
    seq: number,
    buf: Uint8Array,
    off: number,
    end: number,
    missing: number,
  ): boolean {
    this.counters.segments++;
    if (!stream.isSynced) {
      stream.isSynced = true;
      stream.next = seq;
    }
    const ahead = (seq - stream.next) | 0;
    if (ahead === 0 && stream.held.length === 0) {
      stream.strays = 0;
      stream.next = (seq + end - off) | 0;
      if (!this.#handler.octets(owner, toServer, buf, off, end)) return false;
      return missing === 0 || this.#skip(owner, stream, toServer, missing);
    }
    return this.#outOfTurn(owner, stream, toServer, seq, ahead, buf, off, end);
  }

  /** The other end acknowledged `ack`: holes below it that have octets behind them will not be filled any more. */
  acknowledge(owner: Owner, stream: TcpStream, toServer: boolean, ack: number): boolean {
    if (!stream.hasAck || ((ack - stream.acked) | 0) > 0) {
      stream.acked = ack;
      stream.hasAck = true;
    }
    return stream.held.length === 0 || this.#closeAcknowledged(owner, stream, toServer);
  }

  /** The flow ends: hands on what is held, with the gaps between. */
  flush(owner: Owner, stream: TcpStream, toServer: boolean): void {
    while (stream.held.length > 0) if (!this.#jump(owner, stream, toServer)) break;
    this.drop(stream);
  }

  /** Lets go what is held. */
  drop(stream: TcpStream): void {
    this.counters.heldOctets -= stream.heldOctets;
    if (stream.held.length > 0) stream.held = [];
    stream.heldOctets = 0;
  }

  #outOfTurn(
    owner: Owner,
    stream: TcpStream,
    toServer: boolean,
    seq: number,
    ahead: number,
    buf: Uint8Array,
    off: number,
    end: number,
  ): boolean {
    if (ahead > REACH || ahead < -REACH) return this.#stray(owner, stream, toServer, seq, buf, off, end);
    stream.strays = 0;
    let start = off;
    if (ahead < 0) {
      // A retransmission or a keep-alive probe (RFC 9293 §3.8.4: one octet of garbage below the window).
      start = off - ahead;
      this.counters.retransmissions++;
      if (start >= end) return true;
    }
    if (ahead > 0) this.counters.outOfOrder++;
    if (ahead <= 0) {
      // In turn up to what is held already; of the rest the octets that came first stand.
      const first = stream.held[0];
      const room = first === undefined ? end - start : Math.min(end - start, (first.seq - stream.next) | 0);
      stream.next = (stream.next + room) | 0;
      if (room > 0 && !this.#handler.octets(owner, toServer, buf, start, start + room)) return false;
      start += room;
    }
    if (start < end) this.#hold(owner, stream, toServer, (seq + start - off) | 0, buf, start, end);
    if (!this.#drain(owner, stream, toServer)) return false;
    if (!this.#closeAcknowledged(owner, stream, toServer)) return false;
    while (this.#isOverfull(stream)) {
      this.counters.overflows++;
      if (!this.#jump(owner, stream, toServer)) return false;
    }
    return true;
  }

  #stray(
    owner: Owner,
    stream: TcpStream,
    toServer: boolean,
    seq: number,
    buf: Uint8Array,
    off: number,
    end: number,
  ): boolean {
    this.counters.strays++;
    stream.strays++;
    if (stream.strays < STRAYS) return true;
    this.flush(owner, stream, toServer);
    const lost = (seq - stream.next) >>> 0;
    stream.strays = 0;
    stream.next = (seq + end - off) | 0;
    return this.#gap(owner, toServer, lost) && this.#handler.octets(owner, toServer, buf, off, end);
  }

  #isOverfull(stream: TcpStream): boolean {
    return (
      stream.held.length > 0 &&
      (stream.heldOctets > HELD_PER_STREAM ||
        stream.held.length > HELD_SEGMENTS ||
        this.counters.heldOctets > HELD_IN_ALL)
    );
  }

  /** Keeps those octets of [off, end) that are not held yet, and compares the others. */
  #hold(
    owner: Owner,
    stream: TcpStream,
    toServer: boolean,
    seq: number,
    buf: Uint8Array,
    off: number,
    end: number,
  ): void {
    const { held } = stream;
    let at = off;
    let i = 0;
    for (; i < held.length && at < end; i++) {
      const other = held[i];
      if (other === undefined) break;
      // Positions in `buf` at which the held segment would begin and end.
      const from = off + ((other.seq - seq) | 0);
      const to = from + other.octets.length;
      if (to <= at) continue;
      if (from >= end) break;
      if (at < from) {
        this.#insert(stream, i, seq, buf, off, at, from);
        i++;
        at = from;
      }
      const until = Math.min(to, end);
      if (!isSame(other, at - from, buf, at, until)) {
        this.counters.conflicts++;
        this.#handler.conflict(owner, toServer);
      }
      at = until;
    }
    if (at < end) this.#insert(stream, i, seq, buf, off, at, end);
  }

  #insert(
    stream: TcpStream,
    position: number,
    seq: number,
    buf: Uint8Array,
    off: number,
    from: number,
    to: number,
  ): void {
    if (stream.held.length === 0) stream.held = [];
    stream.held.splice(position, 0, { seq: (seq + from - off) | 0, octets: buf.slice(from, to) });
    stream.heldOctets += to - from;
    this.counters.heldOctets += to - from;
  }

  /** Hands on held segments that have become next. */
  #drain(owner: Owner, stream: TcpStream, toServer: boolean): boolean {
    for (;;) {
      const first = stream.held[0];
      if (first === undefined || first.seq !== stream.next) return true;
      stream.held.shift();
      const length = first.octets.length;
      stream.heldOctets -= length;
      this.counters.heldOctets -= length;
      stream.next = (first.seq + length) | 0;
      if (!this.#handler.octets(owner, toServer, first.octets, 0, length)) return false;
    }
  }

  /** Gives up the hole before the first held segment. */
  #jump(owner: Owner, stream: TcpStream, toServer: boolean): boolean {
    const first = stream.held[0];
    if (first === undefined) return true;
    return this.#skip(owner, stream, toServer, (first.seq - stream.next) >>> 0);
  }

  #closeAcknowledged(owner: Owner, stream: TcpStream, toServer: boolean): boolean {
    while (stream.hasAck) {
      const first = stream.held[0];
      if (first === undefined || ((stream.acked - first.seq) | 0) < 0) return true;
      if (!this.#jump(owner, stream, toServer)) return false;
    }
    return true;
  }

  #skip(owner: Owner, stream: TcpStream, toServer: boolean, octets: number): boolean {
    stream.next = (stream.next + octets) | 0;
    return this.#gap(owner, toServer, octets) && this.#drain(owner, stream, toServer);
  }

  #gap(owner: Owner, toServer: boolean, octets: number): boolean {
    this.counters.gaps++;
    this.counters.gapOctets += octets;
    return this.#handler.gap(owner, toServer, octets);
  }
}

function isSame(held: HeldSegment, at: number, buf: Uint8Array, off: number, end: number): boolean {
  for (let i = off; i < end; i++) if (held.octets[at + i - off] !== buf[i]) return false;
  return true;
}
