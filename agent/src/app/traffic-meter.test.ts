import { describe, expect, test } from "vitest";
import { flowOf } from "../detect/test-events.ts";
import type { FlowEvent, FlowRef, SensorEvent } from "../dissect/event.ts";
import { TrafficMeter } from "./traffic-meter.ts";

const isHome = (ip: string): boolean => ip.startsWith("192.168.1.");
const meterOf = (): TrafficMeter =>
  new TrafficMeter(isHome, (flow, client) => (client ? flow.clientIp : flow.serverIp));
const report = (flow: FlowRef, phase: FlowEvent["phase"], up: number, down: number): SensorEvent<"flow"> =>
  ({
    name: "flow",
    flow,
    toServer: true,
    atUs: 0,
    packet: 0,
    data: { phase, bytesToServer: up, bytesToClient: down },
  }) as unknown as SensorEvent<"flow">;
const sample = (meter: TrafficMeter) => meter.sample(0, 7, (id) => `name of ${id}`);

describe("the traffic meter", () => {
  test("counts what came since the last report, by direction as the home sees it", () => {
    const meter = meterOf();
    const out = flowOf("192.168.1.2:50000", "203.0.113.9:443");
    const lan = flowOf("192.168.1.2:50001", "192.168.1.3:80");
    const inbound = flowOf("203.0.113.50:9999", "192.168.1.3:22");
    meter.handle(report(out, "start", 60, 0));
    meter.handle(report(out, "update", 1000, 9000));
    meter.handle(report(lan, "update", 500, 500));
    meter.handle(report(inbound, "end", 300, 200));
    expect(sample(meter)).toMatchObject({
      bits_out: (1000 + 200) * 8,
      bits_in: (9000 + 300) * 8,
      bits_lan: 1000 * 8,
      packets: 7,
    });
    meter.handle(report(out, "update", 1100, 9000));
    meter.handle(report(out, "end", 1100, 10_000));
    // Mean over the two seconds so far.
    expect(sample(meter)).toMatchObject({ bits_out: (1300 * 8) / 2, bits_in: (10_300 * 8) / 2 });
  });

  test("falls to zero within five seconds of silence", () => {
    const meter = meterOf();
    meter.handle(report(flowOf("192.168.1.2:1", "203.0.113.9:443"), "end", 100, 100));
    for (let i = 0; i < 5; i++) expect(sample(meter).bits_out).toBeGreaterThan(0);
    expect(sample(meter)).toMatchObject({ bits_in: 0, bits_out: 0, bits_lan: 0 });
  });

  test("names the eight busiest devices of the last ten seconds, most first", () => {
    const meter = meterOf();
    for (let i = 1; i <= 12; i++)
      meter.handle(report(flowOf(`192.168.1.${i}:1000`, "203.0.113.9:443"), "end", i * 100, 0));
    const { top } = sample(meter);
    expect(top).toHaveLength(8);
    expect(top[0]).toEqual({ device: "192.168.1.12", name: "name of 192.168.1.12", bits: 9600 });
    expect(top.map(({ bits }) => bits)).toEqual([...top.map(({ bits }) => bits)].sort((a, b) => b - a));
    for (let i = 0; i < 10; i++) sample(meter);
    expect(sample(meter).top).toEqual([]);
  });

  test("counts never run backwards when a flow's numbers do", () => {
    const meter = meterOf();
    const flow = flowOf("192.168.1.2:1", "203.0.113.9:443");
    meter.handle(report(flow, "update", 1000, 1000));
    meter.handle(report(flow, "update", 10, 10));
    expect(sample(meter)).toMatchObject({ bits_out: 8000, bits_in: 8000 });
    meter.forgetFlows();
    meter.handle(report(flow, "end", 100, 0));
    expect(sample(meter).bits_out).toBe(((1000 + 100) * 8) / 2);
  });
});
