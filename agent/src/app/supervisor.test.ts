import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { flowOf } from "../detect/test-events.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { EventPacker } from "./event-parcel.ts";
import type { FromSensor, SensorSettings } from "./sensor-message.ts";
import { SensorSupervisor, type SensorThread } from "./supervisor.ts";

/** A thread without one. */
class FakeThread extends EventEmitter {
  readonly settings: SensorSettings;
  readonly posted: unknown[] = [];
  constructor(settings: SensorSettings) {
    super();
    this.settings = settings;
  }
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  async terminate(): Promise<number> {
    this.emit("exit", 1);
    return 1;
  }
  says(message: FromSensor): void {
    this.emit("message", message);
  }
}

const flow = flowOf("192.168.1.2:50000", "203.0.113.9:443");
const event = (packet: number): SensorEvent =>
  ({ name: "dns", flow, toServer: true, atUs: packet, packet, data: {} }) as unknown as SensorEvent;
const parcel = (...packets: number[]) => new EventPacker().pack(packets.map(event));
let threads: FakeThread[];
let told: string[];
let supervisor: SensorSupervisor;
beforeEach(() => {
  vi.useFakeTimers();
  threads = [];
  told = [];
  const say = (text: string) => () => void told.push(text);
  supervisor = new SensorSupervisor(
    { sources: [], demo: null, place: "sources", seed: 1, maxFlows: 1024, deduplicate: "auto", home: [] },
    {
      event: ({ packet }) => {
        if (packet === 13) throw new Error("a bug in a detection");
        told.push(`event ${packet}`);
      },
      telemetry: say("telemetry"),
      source: (index, state, reason) => told.push(`source ${index} ${state} ${reason}`),
      sensorGone: (reason) => told.push(`gone: ${reason}`),
      fault: (error) => told.push(`fault: ${(error as Error).message}`),
      warning: (message) => told.push(`warning: ${message}`),
    },
    (settings) => {
      const thread = new FakeThread(settings);
      threads.push(thread);
      return thread as unknown as SensorThread;
    },
  );
  supervisor.start();
});
afterEach(() => vi.useRealTimers());
const lastThread = (): FakeThread => threads.at(-1)!;

describe("the supervisor", () => {
  test("hands on what the sensor says, and tells it what was handled", () => {
    lastThread().says({ type: "source", source: 0, state: "up", reason: "" });
    lastThread().says({ type: "events", parcel: parcel(1, 2) });
    lastThread().says({ type: "warning", message: "slow" });
    expect(told).toEqual(["source 0 up ", "event 1", "event 2", "warning: slow"]);
    expect(new Int32Array(lastThread().settings.handled)[0]).toBe(1);
  });

  test("an event that cannot be handled costs neither the next nor the count", () => {
    lastThread().says({ type: "events", parcel: parcel(1, 13, 2) });
    expect(told).toEqual(["event 1", "fault: a bug in a detection", "event 2"]);
    expect(new Int32Array(lastThread().settings.handled)[0]).toBe(1);
  });

  test("starts a dead sensor again, with growing pauses up to half a minute, quickly after a good run", async () => {
    const pauses: number[] = [];
    for (let i = 0; i < 7; i++) {
      lastThread().emit("exit", 1);
      const before = threads.length;
      let waited = 0;
      while (threads.length === before) {
        vi.advanceTimersByTime(500);
        waited += 500;
      }
      pauses.push(waited);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(supervisor.restarts).toBe(7);
    for (let i = 0; i < 13; i++) {
      vi.advanceTimersByTime(5000);
      lastThread().says({ type: "warning", message: "alive" });
    }
    lastThread().emit("error", new Error("out of memory\n    at secret.ts"));
    lastThread().emit("exit", 1);
    vi.advanceTimersByTime(1000);
    expect(supervisor.restarts).toBe(8);
    expect(told).toContain("gone: the sensor stopped: out of memory");
  });

  test("ends a sensor that hangs, and starts it anew", () => {
    vi.advanceTimersByTime(14_000);
    lastThread().says({ type: "warning", message: "still here" });
    vi.advanceTimersByTime(14_999);
    expect(threads).toHaveLength(1);
    vi.advanceTimersByTime(1 + 1000);
    expect(told).toContain("gone: the sensor has not answered for 15 s");
    expect(threads).toHaveLength(2);
  });

  test("does not play captures twice that have been read to their end", () => {
    lastThread().says({ type: "ended" });
    lastThread().emit("exit", 0);
    vi.advanceTimersByTime(60_000);
    expect([threads.length, told]).toEqual([1, []]);
  });

  test("stops by asking; by force when the sensor does not hear", async () => {
    const done = supervisor.stop();
    expect(lastThread().posted).toEqual([{ type: "stop" }]);
    await vi.advanceTimersByTimeAsync(1500);
    await done;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(threads, "no restart after a stop").toHaveLength(1);
  });

  test("a stop while it waits to restart holds", async () => {
    lastThread().emit("exit", 1);
    await supervisor.stop();
    vi.advanceTimersByTime(60_000);
    expect(threads).toHaveLength(1);
  });
});
