import { i32At } from "../core/bytes.ts";
import { finishHash, mixWord } from "../core/hash.ts";
import { formatIpv4, type Network } from "../core/ip.ts";
import { TCP_ACK, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { CONNECTIONS } from "./capacity.ts";
import { isDestinationIn, isSourceIn } from "./home-address.ts";
import type { TcpHalves } from "./observation.ts";
import { SegmentGaps } from "./segment-gaps.ts";
import { SlotTable } from "./slot-table.ts";

/** Columns of a connection. Sides: 0 sent the first packet that was seen, 1 is the other. */
const PACKETS = 0;
const LAST_ACK = 2;
const FLAGS = 3;
const SOURCE = 4;
const DESTINATION = 5;
const PORTS = 6;
const ORIGIN = 7;
const COLUMNS = 8;

const HAS_ACK = 1;
/** Side 0 began it with a SYN; and went on after it, so the answer has come. */
const SYN = 2;
const WENT_ON = 4;
/** Side 0 answered a SYN. */
const SYN_ACK = 8;
/** Side 0 acknowledged more and more: the other side sends. */
const ACK_GREW = 16;
const IS_IPV4 = 32;
const SOURCE_HOME = 64;
const DESTINATION_HOME = 128;

const MAX_EXAMPLES = 3;

/**
 * Whether both sides of TCP connections are seen.
 *
 * Why   A connection of which one side is seen proves nothing by itself: hosts that are off do not answer, scans do not go on. But who goes on after
 *       its SYN, answers one, or acknowledges more with each packet, has heard the other side: it was there, and the tap has not shown it.
 */
export class TcpSides {
  readonly #table: SlotTable;
  readonly #seed: number;
  readonly #rows = new Int32Array(CONNECTIONS * COLUMNS);
  readonly #home: readonly Network[];
  readonly gaps = new SegmentGaps();

  constructor(home: readonly Network[], seed: number) {
    this.#home = home;
    this.#seed = seed;
    this.#table = new SlotTable(CONNECTIONS, seed);
  }

  /** Takes a TCP segment from one machine to one other. */
  see(v: PacketView): void {
    const source = endOf(this.#seed, v.src0, v.src1, v.src2, v.src3, v.srcPort);
    const destination = endOf(this.#seed, v.dst0, v.dst1, v.dst2, v.dst3, v.dstPort);
    const before = this.#table.size;
    // The same for both directions: the ends in the order of their hashes.
    const slot = source < destination ? this.#table.take(source, destination) : this.#table.take(destination, source);
    if (slot < 0) return;
    const row = slot * COLUMNS;
    if (this.#table.size > before) this.#open(v, row, source);
    const side = i32At(this.#rows, row + ORIGIN) === source ? 0 : 1;
    this.#rows[row + PACKETS + side] = i32At(this.#rows, row + PACKETS + side) + 1;
    if (side === 0) this.#hear(v, row);
    this.gaps.see(v, slot, side);
  }

  #open(v: PacketView, row: number, source: number): void {
    const rows = this.#rows;
    rows[row + ORIGIN] = source;
    rows[row + SOURCE] = v.src0;
    rows[row + DESTINATION] = v.dst0;
    rows[row + PORTS] = (v.srcPort << 16) | v.dstPort;
    rows[row + FLAGS] =
      (v.ipVersion === 4 ? IS_IPV4 : 0) |
      (isSourceIn(this.#home, v) ? SOURCE_HOME : 0) |
      (isDestinationIn(this.#home, v) ? DESTINATION_HOME : 0);
  }

  #hear(v: PacketView, row: number): void {
    const rows = this.#rows;
    let flags = i32At(rows, row + FLAGS);
    const kind = v.tcpFlags & (TCP_SYN | TCP_ACK | TCP_RST);
    if (kind === TCP_SYN) flags |= SYN;
    else if (kind === (TCP_SYN | TCP_ACK)) flags |= SYN_ACK;
    else if (kind === TCP_ACK) {
      if ((flags & SYN) !== 0) flags |= WENT_ON;
      if ((flags & HAS_ACK) !== 0 && ((v.tcpAck - i32At(rows, row + LAST_ACK)) | 0) > 0) flags |= ACK_GREW;
      flags |= HAS_ACK;
      rows[row + LAST_ACK] = v.tcpAck;
    }
    rows[row + FLAGS] = flags;
  }

  halves(): TcpHalves {
    let bothWays = 0;
    let onlySyn = 0;
    let onlySynAck = 0;
    let onlyMiddle = 0;
    let outsideBothWays = 0;
    let outsideOnlyOut = 0;
    let outsideOnlyIn = 0;
    let lanOneWay = 0;
    let lanBothWays = 0;
    const examples: string[] = [];
    for (let row = 0; row < this.#table.size * COLUMNS; row += COLUMNS) {
      const flags = i32At(this.#rows, row + FLAGS);
      const leaves = (flags & SOURCE_HOME) !== 0;
      const isLan = leaves && (flags & DESTINATION_HOME) !== 0;
      const isOutside = leaves !== ((flags & DESTINATION_HOME) !== 0);
      if (i32At(this.#rows, row + PACKETS + 1) > 0) {
        bothWays++;
        if (isOutside) outsideBothWays++;
        if (isLan) lanBothWays++;
        continue;
      }
      if ((flags & SYN_ACK) !== 0) onlySynAck++;
      else if ((flags & WENT_ON) !== 0) onlySyn++;
      else if ((flags & ACK_GREW) !== 0) onlyMiddle++;
      else continue;
      if (isLan) lanOneWay++;
      if (isOutside && leaves) outsideOnlyOut++;
      else if (isOutside) outsideOnlyIn++;
      if (examples.length < MAX_EXAMPLES && (flags & IS_IPV4) !== 0) examples.push(this.#text(row));
    }
    const oneWay = onlySyn + onlySynAck + onlyMiddle;
    return {
      bothWays,
      oneWay,
      onlySyn,
      onlySynAck,
      onlyMiddle,
      outsideBothWays,
      outsideOnlyOut,
      outsideOnlyIn,
      lanBothWays,
      lanOneWay,
      examples,
    };
  }

  #text(row: number): string {
    const rows = this.#rows;
    const ports = i32At(rows, row + PORTS);
    const source = `${formatIpv4(i32At(rows, row + SOURCE))}:${ports >>> 16}`;
    return `${source} to ${formatIpv4(i32At(rows, row + DESTINATION))}:${ports & 0xffff}`;
  }
}

function endOf(seed: number, w0: number, w1: number, w2: number, w3: number, port: number): number {
  return finishHash(mixWord(mixWord(mixWord(mixWord(mixWord(seed, w0), w1), w2), w3), port));
}
