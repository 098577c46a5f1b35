import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { flowOf } from "../detect/test-events.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { BATCH_EVENTS, BATCH_MS, EventBatches } from "./event-batches.ts";

const flow = flowOf("192.168.1.2:50000", "203.0.113.9:443");
const event = (name: string, packet: number, data: object = {}): SensorEvent =>
  ({ name, flow, toServer: true, atUs: packet, packet, data }) as unknown as SensorEvent;
const setUp = (isLossless: boolean) => {
  const posted: SensorEvent[][] = [];
  const handled = new Int32Array(new SharedArrayBuffer(4));
  const batches = new EventBatches((batch) => posted.push(batch), handled, isLossless);
  return { posted, handled, batches };
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("batches", () => {
  test("go out full, or when the first event has waited long enough; nothing is lost or turned round", () => {
    const { posted, batches } = setUp(false);
    for (let i = 0; i < BATCH_EVENTS + 10; i++) batches.emit(event("dns", i));
    expect(posted.map(({ length }) => length)).toEqual([BATCH_EVENTS]);
    vi.advanceTimersByTime(BATCH_MS - 1);
    expect(posted).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(posted.flat().map(({ packet }) => packet)).toEqual(Array.from({ length: BATCH_EVENTS + 10 }, (_, i) => i));
    vi.advanceTimersByTime(1000);
    expect(posted, "no empty batch").toHaveLength(2);
    batches.emit(event("dns", 999));
    batches.flush();
    expect(posted).toHaveLength(3);
    vi.advanceTimersByTime(1000);
    expect(posted).toHaveLength(3);
  });
});

describe("a live sensor whose other side falls behind", () => {
  /** Leaves the other side `n` batches behind. */
  const fallBehind = (n: number) => {
    const parts = setUp(false);
    for (let i = 0; i < n; i++) {
      parts.batches.emit(event("login", i));
      parts.batches.flush();
    }
    parts.posted.length = 0;
    return parts;
  };
  const kinds: [string, object?][] = [
    ["flow", { phase: "start" }],
    ["flow", { phase: "update" }],
    ["flow", { phase: "established" }],
    ["dns"],
    ["tls"],
    ["anomaly"],
    ["login"],
    ["stratum"],
    ["flow", { phase: "end" }],
  ];
  const passed = (n: number) => {
    const { batches, posted } = fallBehind(n);
    for (const [name, data] of kinds) batches.emit(event(name, 0, data));
    batches.flush();
    const names = posted.flat().map((e) => (e.name === "flow" ? `flow-${e.data.phase}` : e.name));
    return { names, flows: batches.droppedFlows, observations: batches.droppedObservations };
  };

  test("drops flow starts and updates first, then observations, and logins, mining and ends of flows last; each is counted", () => {
    expect(passed(63).names).toHaveLength(9);
    expect(passed(64)).toEqual({
      names: ["dns", "tls", "anomaly", "login", "stratum", "flow-end"],
      flows: 3,
      observations: 0,
    });
    expect(passed(255).names).toHaveLength(6);
    expect(passed(256)).toEqual({ names: ["login", "stratum", "flow-end"], flows: 3, observations: 3 });
    expect(passed(511).names).toHaveLength(3);
    expect(passed(512)).toEqual({ names: [], flows: 3, observations: 6 });
  });

  test("takes everything again once the other side has caught up, over the turn of the counter too", () => {
    const { batches, posted, handled } = fallBehind(300);
    batches.emit(event("dns", 1));
    Atomics.store(handled, 0, 300);
    batches.emit(event("dns", 2));
    batches.flush();
    expect(posted.flat().map(({ packet }) => packet)).toEqual([2]);
  });
});

describe("a file's sensor whose other side falls behind", () => {
  test("waits for it and loses nothing", async () => {
    vi.useRealTimers();
    const { posted, batches, handled } = setUp(true);
    // The other thread handles a batch every few milliseconds.
    const other = new Worker(
      `const { workerData } = require("node:worker_threads");
       const handled = new Int32Array(workerData);
       setInterval(() => { Atomics.add(handled, 0, 1); Atomics.notify(handled, 0); }, 2);`,
      { eval: true, workerData: handled.buffer },
    );
    let mostBehind = 0;
    for (let i = 0; i < 100 * BATCH_EVENTS; i++) {
      batches.emit(event("flow", i, { phase: "update" }));
      mostBehind = Math.max(mostBehind, posted.length - Atomics.load(handled, 0));
    }
    await other.terminate();
    expect(posted.flat()).toHaveLength(100 * BATCH_EVENTS);
    expect(mostBehind).toBeLessThanOrEqual(64);
    expect(batches.droppedFlows + batches.droppedObservations).toBe(0);
  });

  test("does not wait for ever for one that is gone", () => {
    vi.useRealTimers();
    const { batches } = setUp(true);
    const started = performance.now();
    for (let i = 0; i < 64 * BATCH_EVENTS; i++) batches.emit(event("dns", i));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
