import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { Home } from "../../src/app/home.ts";
import type { SensorSettings } from "../../src/app/sensor-message.ts";
import { SensorTotals } from "../../src/app/sensor-totals.ts";
import { SensorSupervisor } from "../../src/app/supervisor.ts";
import { TapState } from "../../src/app/tap-state.ts";
import { parseNetwork } from "../../src/core/ip.ts";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { until } from "./running-agent.ts";

const folder = mkdtempSync(join(tmpdir(), "lanwarden-sensor-"));
const path = join(folder, "home.pcap");
writeFileSync(path, buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000, hours: 1 }).builder.toPcap());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sensor's side of an agent, with real threads that the test may end. */
const setUp = (source: object) => {
  const workers: Worker[] = [];
  const tap = new TapState([false]);
  const totals = new SensorTotals();
  const faults: unknown[] = [];
  const home = new Home({
    networks: ["192.168.178.0/24", "fd00::/8", "fe80::/10"].map(parseNetwork),
    gateway: undefined,
    declared: [],
    detections: {},
  });
  let flowEnds = 0;
  const supervisor = new SensorSupervisor(
    {
      sources: [source as Record<string, unknown>],
      demo: null,
      place: "sources",
      seed: 1,
      maxFlows: 65_536,
      deduplicate: "auto",
      home: [],
    },
    {
      event: (event) => {
        if (event.name === "flow" && event.data.phase === "end") flowEnds++;
        home.handle(event);
      },
      telemetry: (telemetry) => {
        totals.take(telemetry);
        home.tick(telemetry.nowUs);
      },
      source: (index, state, reason) => void tap.source(index, state, reason, Date.now()),
      sensorGone: (reason) => {
        tap.sensorGone(reason);
        totals.sensorGone();
      },
      fault: (error) => faults.push(error),
      warning: () => undefined,
    },
    (settings: SensorSettings) => {
      const worker = new Worker(new URL("../../src/app/sensor-worker.ts", import.meta.url), { workerData: settings });
      workers.push(worker);
      return worker;
    },
  );
  return { workers, tap, totals, faults, home, supervisor, flowEnds: () => flowEnds };
};

describe("the sensor's thread", () => {
  test("reads a capture to its end; every flow that began has ended, and time goes on", async () => {
    const { supervisor, tap, totals, home, flowEnds } = setUp({ type: "file", path, speed: "max" });
    supervisor.start();
    await until("the end", () => tap.isOver);
    await until("telemetry after the end", () => totals.totals.nowUs > Date.now() * 1000 - 1_500_000);
    expect(home.devices().length).toBeGreaterThan(10);
    expect(totals.totals.packets).toBeGreaterThan(1000);
    expect(totals.totals.flows).toBe(0);
    expect(flowEnds()).toBeGreaterThan(100);
    expect(totals.totals.droppedEvents).toBe(0);
    await supervisor.stop();
  });

  test("that dies is replaced; devices and counts stay", async () => {
    const { supervisor, workers, tap, totals, home, faults } = setUp({ type: "file", path, speed: 200, loop: true });
    supervisor.start();
    await until("the tap", () => tap.isUp(Date.now()));
    const before = await until("devices", () => home.devices().length > 5 && home.devices().map(({ id }) => id));
    const counted = await until("packets", () => totals.totals.packets || undefined);
    await workers[0]!.terminate();
    expect(tap.isUp(Date.now())).toBe(false);
    expect(tap.reason(Date.now())).toBe("the sensor stopped");
    await until("a new sensor", () => tap.isUp(Date.now()) && supervisor.restarts === 1);
    await until("more packets than before", () => totals.totals.packets > counted);
    expect(home.devices().map(({ id }) => id)).toEqual(expect.arrayContaining(before));
    expect(workers).toHaveLength(2);
    expect(faults).toEqual([]);
    const started = Date.now();
    await supervisor.stop();
    expect(Date.now() - started).toBeLessThan(1500);
  });
});
