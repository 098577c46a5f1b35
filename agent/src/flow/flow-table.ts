import { i32At } from "../core/bytes.ts";
import type { PacketView } from "../decode/packet-view.ts";
import type { PacketBatch } from "./packet-batch.ts";
import {
  C_ADDRESS,
  C_HASH,
  C_MACS,
  COLD_SHIFT,
  DOUBLE_SHIFT,
  RECORD_SHIFT,
  RECORD_WORDS,
  STATE_IPV6,
  W_ADDRESS,
  W_PACKETS,
  W_PORTS,
  W_PROTO,
  W_STATE,
} from "./record.ts";

const FIRST_CAPACITY = 4096;
const DOUBLES = 1 << DOUBLE_SHIFT;

/**
 * Flows in typed arrays, found by address pair, ports, protocol and VLANs regardless of direction.
 *
 * Shape    Open addressing with linear probing over pairs [hash, flow], at most half full; removal shifts back, so there are no tombstones.
 *          Flows are numbered from 1; the numbers of removed flows are used again. Columns: see record.ts.
 * Memory   Grows by powers of two from 4,096 flows up to `maxFlows`; a column may be another array after {@link insert}.
 */
export class FlowTable {
  readonly maxFlows: number;
  /** Hot records, and the same octets as doubles. */
  hot: Int32Array;
  hotDoubles: Float64Array;
  cold: Int32Array;
  doubles: Float64Array;
  /** Pairs [hash, flow]. */
  index: Int32Array;
  /** Slots of the index minus one. */
  mask: number;
  /** Flows that can be held without growing. */
  capacity: number;
  /** Flows held now. */
  live = 0;
  #last = 0;
  /** Stack of free numbers, in a list through the first word of the free records. */
  #free = 0;

  constructor(maxFlows: number) {
    this.maxFlows = maxFlows;
    this.capacity = Math.min(FIRST_CAPACITY, maxFlows);
    const buffer = new ArrayBuffer((this.capacity + 1) << (RECORD_SHIFT + 2));
    this.hot = new Int32Array(buffer);
    this.hotDoubles = new Float64Array(buffer);
    this.cold = new Int32Array((this.capacity + 1) << COLD_SHIFT);
    this.doubles = new Float64Array((this.capacity + 1) << DOUBLE_SHIFT);
    const slots = slotsFor(this.capacity);
    this.index = new Int32Array(slots * 2);
    this.mask = slots - 1;
  }

  get isFull(): boolean {
    return this.live >= this.maxFlows;
  }

  /** Highest number in use so far. */
  get last(): number {
    return this.#last;
  }

  /** Number of the flow of packet `k`, 0 when there is none. */
  find(batch: PacketBatch, k: number): number {
    const index = this.index;
    const hot = this.hot;
    const mask = this.mask;
    const hash = i32At(batch.hash, k);
    let slot = hash & mask;
    for (;;) {
      const flow = i32At(index, 2 * slot + 1);
      if (flow === 0) return 0;
      if (i32At(index, 2 * slot) === hash) {
        const base = flow << RECORD_SHIFT;
        if (
          i32At(hot, base + W_ADDRESS) === i32At(batch.low, k) &&
          i32At(hot, base + W_ADDRESS + 1) === i32At(batch.high, k) &&
          i32At(hot, base + W_PORTS) === i32At(batch.ports, k) &&
          i32At(hot, base + W_PROTO) === i32At(batch.proto, k) &&
          ((hash & 1) === 0 || this.#hasAddress(flow, batch, k))
        )
          return flow;
      }
      slot = (slot + 1) & mask;
    }
  }

  #hasAddress(flow: number, batch: PacketBatch, k: number): boolean {
    const base = (flow << COLD_SHIFT) + C_ADDRESS;
    for (let i = 0; i < 6; i++) if (i32At(this.cold, base + i) !== i32At(batch.rest, k * 6 + i)) return false;
    return true;
  }

  /** Enters a flow with the key of packet `k`, its counters and state zero. The caller has seen that it is not there and that the table is not full. */
  insert(batch: PacketBatch, k: number): number {
    const flow = this.#take();
    const { hot } = this;
    const base = flow << RECORD_SHIFT;
    const coldBase = flow << COLD_SHIFT;
    // Loops: `fill` costs more than so few words. The cold words need none, they are written before they are read.
    for (let i = base + W_PACKETS; i < base + RECORD_WORDS; i++) hot[i] = 0;
    const { doubles } = this;
    const doubleBase = flow << DOUBLE_SHIFT;
    for (let i = doubleBase; i < doubleBase + DOUBLES; i++) doubles[i] = 0;
    const hash = i32At(batch.hash, k);
    hot[base + W_ADDRESS] = i32At(batch.low, k);
    hot[base + W_ADDRESS + 1] = i32At(batch.high, k);
    hot[base + W_PORTS] = i32At(batch.ports, k);
    hot[base + W_PROTO] = i32At(batch.proto, k);
    this.cold[coldBase + C_HASH] = hash;
    if ((hash & 1) !== 0) {
      hot[base + W_STATE] = STATE_IPV6;
      for (let i = 0; i < 6; i++) this.cold[coldBase + C_ADDRESS + i] = i32At(batch.rest, k * 6 + i);
    }
    this.#enter(hash, flow);
    this.live++;
    return flow;
  }

  /** MACs of the packet that opened the flow. */
  setMacs(flow: number, view: PacketView): void {
    const { cold } = this;
    const macs = (flow << COLD_SHIFT) + C_MACS;
    cold[macs] = view.srcMacHigh;
    cold[macs + 1] = view.srcMacLow;
    cold[macs + 2] = view.dstMacHigh;
    cold[macs + 3] = view.dstMacLow;
  }

  remove(flow: number): void {
    const { index, mask } = this;
    let hole = i32At(this.cold, (flow << COLD_SHIFT) + C_HASH) & mask;
    while (i32At(index, 2 * hole + 1) !== flow) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; i32At(index, 2 * slot + 1) !== 0; slot = (slot + 1) & mask) {
      const home = i32At(index, 2 * slot) & mask;
      // An entry may move back to the hole unless its home lies between the hole (excluded) and itself.
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      index[2 * hole] = i32At(index, 2 * slot);
      index[2 * hole + 1] = i32At(index, 2 * slot + 1);
      hole = slot;
    }
    index[2 * hole + 1] = 0;
    const base = flow << RECORD_SHIFT;
    this.hot[base] = this.#free;
    // Protocol 0 (hop-by-hop options) never reaches the table as a transport: it marks a free record.
    this.hot[base + W_PROTO] = 0;
    this.#free = flow;
    this.live--;
  }

  /** True if the number stands for a flow at the moment. */
  has(flow: number): boolean {
    return i32At(this.hot, (flow << RECORD_SHIFT) + W_PROTO) !== 0;
  }

  #take(): number {
    const free = this.#free;
    if (free !== 0) {
      this.#free = i32At(this.hot, free << RECORD_SHIFT);
      return free;
    }
    if (this.#last === this.capacity) this.#grow();
    return ++this.#last;
  }

  #enter(hash: number, flow: number): void {
    const { index, mask } = this;
    let slot = hash & mask;
    while (i32At(index, 2 * slot + 1) !== 0) slot = (slot + 1) & mask;
    index[2 * slot] = hash;
    index[2 * slot + 1] = flow;
  }

  #grow(): void {
    this.capacity = Math.min(this.capacity * 2, this.maxFlows);
    const buffer = new ArrayBuffer((this.capacity + 1) << (RECORD_SHIFT + 2));
    const hot = new Int32Array(buffer);
    hot.set(this.hot);
    this.hot = hot;
    this.hotDoubles = new Float64Array(buffer);
    const cold = new Int32Array((this.capacity + 1) << COLD_SHIFT);
    cold.set(this.cold);
    this.cold = cold;
    const doubles = new Float64Array((this.capacity + 1) << DOUBLE_SHIFT);
    doubles.set(this.doubles);
    this.doubles = doubles;
    const old = this.index;
    const slots = slotsFor(this.capacity);
    this.index = new Int32Array(slots * 2);
    this.mask = slots - 1;
    for (let i = 0; i < old.length; i += 2) if (i32At(old, i + 1) !== 0) this.#enter(i32At(old, i), i32At(old, i + 1));
  }
}

/** Slots so that the index is at most half full: short probes, and never without an empty slot. */
function slotsFor(flows: number): number {
  let slots = 16;
  while (slots < flows * 2) slots *= 2;
  return slots;
}
