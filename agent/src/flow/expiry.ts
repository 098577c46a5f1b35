import { f64At, i32At } from "../core/bytes.ts";
import { MICROS } from "../core/clock.ts";
import { TimerWheel } from "../core/timer-wheel.ts";
import type { FlowTable } from "./flow-table.ts";
import { RECORD_SHIFT, STATE_CLOSED, STATE_ESTABLISHED, STATE_REFUSED, W_LAST, W_PROTO, W_STATE } from "./record.ts";
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
/** Flows that are looked at when one has to go: a bound on the work. The longest idle of them goes when none is beyond the threshold. */
const EVICTION_CANDIDATES = 64;
/** Flows whose idle times give the threshold. */
const SAMPLES = 64;
/** Answers come within a second or not at all. A flow without one, or one that is over, then counts as idle for as many minutes as it is seconds: more than the keep-alives of connections leave between two packets. */
const ANSWER_US = MICROS;
const OVER_WEIGHT = 60;

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
  /** Where the last eviction stopped to look. */
  #hand = 0;
  #threshold = 0;
  /** Evictions until the threshold is taken anew. */
  #evictions = 0;
  readonly #samples = new Float64Array(SAMPLES);

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

  /**
   * Makes room for one flow: enters emergency mode and evicts the next one in the table that belongs to the eighth which is idle longest, as a
   * sample of the table has it. Flows that nobody answered and connections that are over count as idle for longer: a flood of tries must not push
   * out the connections of the home.
   */
  evict(atUs: number): void {
    if (!this.isEmergency) {
      this.isEmergency = true;
      this.emergencies++;
      this.#sweep();
      this.#evictions = 0;
      if (!this.#table.isFull) return;
    }
    const table = this.#table;
    if (this.#evictions-- <= 0) this.#sample(atUs);
    let worst = 0;
    let worstIdle = -1;
    for (let i = 0; i < EVICTION_CANDIDATES && worstIdle < this.#threshold; i++) {
      this.#hand = this.#hand >= table.last ? 1 : this.#hand + 1;
      const idle = table.has(this.#hand) ? this.#idle(this.#hand, atUs) : -1;
      if (idle <= worstIdle) continue;
      worst = this.#hand;
      worstIdle = idle;
    }
    if (worst === 0) return;
    this.forced++;
    this.#wheel.disarm(worst);
    this.#ender.end(worst, "forced");
  }

  /** Idle time from which a flow may be evicted: an eighth of the flows is idle for longer. Holds for a part of the table. */
  #sample(atUs: number): void {
    const table = this.#table;
    const sample = this.#samples;
    const stride = Math.max(1, Math.floor(table.last / SAMPLES));
    let flow = this.#hand;
    for (let i = 0; i < SAMPLES; i++) {
      flow = flow + stride > table.last ? 1 + ((flow + stride) % table.last) : flow + stride;
      sample[i] = table.has(flow) ? this.#idle(flow, atUs) : 0;
    }
    sample.sort();
    this.#threshold = f64At(sample, SAMPLES - SAMPLES / 8);
    this.#evictions = Math.max(1, table.live >> 6);
  }

  /** Microseconds since the last packet, those of a flow that nobody answers or that is over weighted. */
  #idle(flow: number, atUs: number): number {
    const base = flow << RECORD_SHIFT;
    const { hot, hotDoubles } = this.#table;
    const idle = Math.max(0, atUs - f64At(hotDoubles, (base + W_LAST) >> 1));
    if (idle < ANSWER_US) return idle;
    const state = i32At(hot, base + W_STATE);
    return (state & STATE_ESTABLISHED) !== 0 && !isClosed(state) ? idle : idle * OVER_WEIGHT;
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
