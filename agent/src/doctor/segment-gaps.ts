import { i32At } from "../core/bytes.ts";
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { CONNECTIONS } from "./capacity.ts";

/** Columns of a connection; the first three once for each side. */
const NEXT = 0;
const HOLE_START = 2;
const HOLE_END = 4;
const FLAGS = 6;
const COLUMNS = 8;

/** Flags of side 0; those of side 1 are one place further. */
const HAS_NEXT = 1;
/** Octets are missing so far. */
const HAS_HOLE = 4;
/** They are, though the other side has received them: told; taken back when they turn up late. */
const IS_TOLD = 16;

/**
 * Segments that a receiver acknowledged (RFC 9293 §3.4) and the tap never showed. A segment that is lost on the network is sent again, and seen then;
 * what is acknowledged is not sent again: it was there and got lost on the way to the listener.
 */
export class SegmentGaps {
  /** Segments with content. */
  segments = 0;
  /** Holes in them, each of one segment or more. */
  holes = 0;
  readonly #rows = new Int32Array(CONNECTIONS * COLUMNS);

  /** Takes a segment of connection `slot`, sent by `side`. */
  see(v: PacketView, slot: number, side: number): void {
    const row = slot * COLUMNS;
    // The same ports again: another connection.
    if ((v.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN) this.#rows[row + FLAGS] = 0;
    if ((v.tcpFlags & TCP_RST) !== 0) return;
    this.#send(v, row, side);
    if ((v.tcpFlags & TCP_ACK) !== 0) this.#acknowledge(v.tcpAck, row, 1 - side);
  }

  #send(v: PacketView, row: number, side: number): void {
    const rows = this.#rows;
    const flags = i32At(rows, row + FLAGS);
    const isMark = (v.tcpFlags & (TCP_SYN | TCP_FIN)) !== 0;
    const length = v.payloadWireLength + (isMark ? 1 : 0);
    const end = (v.tcpSeq + length) | 0;
    const place = row + NEXT + side;
    if ((flags & (HAS_NEXT << side)) === 0) {
      rows[place] = end;
      rows[row + FLAGS] = flags | (HAS_NEXT << side);
      return;
    }
    if (length === 0) return;
    if (v.payloadWireLength > 0) this.segments++;
    const next = i32At(rows, place);
    const ahead = (v.tcpSeq - next) | 0;
    if (ahead > 0 && (flags & (HAS_HOLE << side)) === 0) {
      rows[row + HOLE_START + side] = next;
      rows[row + HOLE_END + side] = v.tcpSeq;
      rows[row + FLAGS] = (flags | (HAS_HOLE << side)) & ~(IS_TOLD << side);
    } else if (ahead < 0 && (flags & ((HAS_HOLE | IS_TOLD) << side)) !== 0) this.#fill(v.tcpSeq, end, row, side, flags);
    if (((end - next) | 0) > 0) rows[place] = end;
  }

  /** A segment from before: the missing one, late or sent again. */
  #fill(start: number, end: number, row: number, side: number, flags: number): void {
    const hole = i32At(this.#rows, row + HOLE_START + side);
    if (((start - hole) | 0) > 0 || ((end - hole) | 0) <= 0) return;
    if ((flags & (IS_TOLD << side)) !== 0) this.holes--;
    this.#rows[row + FLAGS] = flags & ~((HAS_HOLE | IS_TOLD) << side);
  }

  /** The other side has received all of `sender` up to `ack`. */
  #acknowledge(ack: number, row: number, sender: number): void {
    const rows = this.#rows;
    const flags = i32At(rows, row + FLAGS);
    if ((flags & (HAS_NEXT << sender)) === 0) return;
    const hasHole = (flags & (HAS_HOLE << sender)) !== 0;
    const next = i32At(rows, row + NEXT + sender);
    if (((ack - next) | 0) > 0) {
      if (!hasHole) {
        rows[row + HOLE_START + sender] = next;
        rows[row + HOLE_END + sender] = ack;
      }
      rows[row + NEXT + sender] = ack;
    } else if (!hasHole || ((ack - i32At(rows, row + HOLE_END + sender)) | 0) < 0) return;
    this.holes++;
    rows[row + FLAGS] = (flags & ~(HAS_HOLE << sender)) | (IS_TOLD << sender);
  }
}
