import { f64At, i32At } from "../core/bytes.ts";
import { MICROS } from "../core/clock.ts";
import { TimerWheel } from "../core/timer-wheel.ts";
import type { FlowTable } from "./flow-table.ts";
import { RECORD_SHIFT, STATE_CLOSED, STATE_REFUSED, W_LAST, W_PROTO, W_STATE } from "./record.ts";
import { EMERGENCY_DIVISOR, type FlowTimeouts, timeoutSeconds } from "./timeouts.ts";

export type EndReason = "timeout" | "closed" | "forced" | "shutdown";

/** Ends a flow: says so, and removes it from the table. The expiry has forgotten it already. */
export interface FlowEnder {
  end(flow: number, reason: EndReason): void;
}

/** Reach of the wheel, seconds; longer timeouts are looked at once in between. */
const WHEEL_SLOTS = 1024;
/** A packet so much older than the newest is no reordering any more: the clock was set, or another capture begins. */
const STEP_BACK_US = 60 * MICROS;
/** Emergency ends when so much of the table is in use (Suricata's `emergency-recovery: 30` means 30 % free). */
const RECOVERED_SHARE = 0.7;
/** The table is searched for idle flows once in so many seconds of emergency. */
const SWEEP_SECONDS = 16;
/** Flows of one wheel slot that are compared when one has to go: enough to spare the fresh ones, a bound on the work. */
const EVICTION_CANDIDATES = 16;

/**
 * Decides by packet time which flows end. `nowUs` never follows a packet back by less than a minute (reordering); a larger step back moves it.
 * A step ahead, however far, visits every flow once.
 */
export class FlowExpiry {
  nowUs = 0;
  /** Packet time from which {@link advance} has something to do; below `lowUs` the clock went back. */
  nextUs = 0;
  lowUs = 0;
  isEmergency = false;
  /** Flows evicted because the table was full. */
  forced = 0;
  /** Times the table ran full. */
  emergencies = 0;
  readonly #table: FlowTable;
  readonly #timeouts: FlowTimeouts;
  readonly #ender: FlowEnder;
  readonly #wheel: TimerWheel;
  #wheelCapacity: number;
  #sweptTo = 0;

  constructor(table: FlowTable, timeouts: FlowTimeouts, ender: FlowEnder) {
    this.#table = table;
    this.#timeouts = timeouts;
    this.#ender = ender;
    this.#wheelCapacity = table.capacity;
    this.#wheel = new TimerWheel(WHEEL_SLOTS, table.capacity);
  }

  /** Sets the clock to `atUs` and ends what is idle. To be called when `atUs` ≥ nextUs or < lowUs; does no harm at other times. */
  advance(atUs: number): void {
    const second = Math.floor(atUs / MICROS);
    if (atUs < this.lowUs || this.nextUs === 0) {
      this.nowUs = atUs;
      this.#wheel.reset(second);
    } else if (second > this.#wheel.tick) {
      this.nowUs = atUs;
      this.#wheel.advance(second, this);
      if (this.isEmergency) this.#sweep();
    }
    if (atUs > this.nowUs) this.nowUs = atUs;
    this.nextUs = (this.#wheel.tick + 1) * MICROS;
    this.lowUs = this.nextUs - STEP_BACK_US;
  }

  /** (Re-)arms a flow by its protocol and state: a new one, or one whose state shortened its time. */
  arm(flow: number): void {
    if (this.#wheelCapacity < this.#table.capacity) {
      this.#wheelCapacity = this.#table.capacity;
      this.#wheel.grow(this.#wheelCapacity);
    }
    this.#wheel.arm(flow, this.#wheel.tick + this.#seconds(flow));
  }

  forget(flow: number): void {
    this.#wheel.disarm(flow);
  }

  /** Called by the wheel. */
  due(flow: number): void {
    const base = flow << RECORD_SHIFT;
    const doubles = this.#table.hotDoubles;
    let lastSecond = Math.floor(f64At(doubles, (base + W_LAST) >> 1) / MICROS);
    const tick = this.#wheel.tick;
    if (lastSecond > tick) {
      // The clock went back behind this flow: it is granted one more timeout from now.
      lastSecond = tick;
      doubles[(base + W_LAST) >> 1] = tick * MICROS;
    }
    const dueTick = lastSecond + this.#seconds(flow);
    if (dueTick > tick) this.#wheel.arm(flow, dueTick);
    else this.#ender.end(flow, isClosed(i32At(this.#table.hot, base + W_STATE)) ? "closed" : "timeout");
  }

  /** Makes room for one flow: enters emergency mode and evicts the oldest of the nearest wheel slot. */
  evict(): void {
    if (!this.isEmergency) {
      this.isEmergency = true;
      this.emergencies++;
      this.#sweep();
      if (!this.#table.isFull) return;
    }
    let oldest = 0;
    let oldestUs = Number.POSITIVE_INFINITY;
    let flow = this.#wheel.nearest();
    for (let i = 0; i < EVICTION_CANDIDATES && flow !== 0; i++) {
      const lastUs = f64At(this.#table.hotDoubles, ((flow << RECORD_SHIFT) + W_LAST) >> 1);
      if (lastUs < oldestUs) {
        oldest = flow;
        oldestUs = lastUs;
      }
      flow = this.#wheel.following(flow);
    }
    if (oldest === 0) return;
    this.forced++;
    this.#wheel.disarm(oldest);
    this.#ender.end(oldest, "forced");
  }

  /** Looks through a part of the table for flows that are idle by the emergency's measure, and ends the emergency when there is room. */
  #sweep(): void {
    const table = this.#table;
    const second = this.#wheel.tick;
    const share = Math.ceil(table.last / SWEEP_SECONDS);
    for (let i = 0; i < share; i++) {
      this.#sweptTo = this.#sweptTo >= table.last ? 1 : this.#sweptTo + 1;
      const flow = this.#sweptTo;
      if (!table.has(flow)) continue;
      const lastUs = f64At(table.hotDoubles, ((flow << RECORD_SHIFT) + W_LAST) >> 1);
      if (Math.floor(lastUs / MICROS) + this.#seconds(flow) > second) continue;
      this.#wheel.disarm(flow);
      this.#ender.end(flow, isClosed(i32At(table.hot, (flow << RECORD_SHIFT) + W_STATE)) ? "closed" : "timeout");
    }
    if (table.live < table.maxFlows * RECOVERED_SHARE) this.isEmergency = false;
  }

  #seconds(flow: number): number {
    const base = flow << RECORD_SHIFT;
    const hot = this.#table.hot;
    const seconds = timeoutSeconds(this.#timeouts, i32At(hot, base + W_PROTO) & 0xff, i32At(hot, base + W_STATE));
    return this.isEmergency ? Math.max(1, Math.floor(seconds / EMERGENCY_DIVISOR)) : seconds;
  }
}

const isClosed = (state: number): boolean => (state & (STATE_CLOSED | STATE_REFUSED)) !== 0;
