import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import type { SourceState } from "../../src/app/sensor-message.ts";
import { SensorTotals } from "../../src/app/sensor-totals.ts";
import { SensorSupervisor } from "../../src/app/supervisor.ts";
import { encodePcap } from "../../src/capture/pcap-writer.ts";
import { freeUdpPort } from "../../src/capture/test-sources.ts";
import { ascii, ethernet, ipv4, join, udp } from "../../src/decode/testing.ts";
import { until } from "./running-agent.ts";

const socket = createSocket("udp4");
afterAll(() => void socket.close());

const start = (sources: Record<string, unknown>[], deduplicate: "auto" | "on" | "off") => {
  const totals = new SensorTotals();
  const told: [index: number, state: SourceState, reason: string][] = [];
  const warnings: string[] = [];
  const flows = new Map<string, number>();
  const supervisor = new SensorSupervisor(
    { sources, demo: null, place: "sources", seed: 7, maxFlows: 65_536, deduplicate, home: [] },
    {
      event: (event) => {
        if (event.name !== "flow" || event.data.phase !== "end") return;
        flows.set(`${event.flow.clientIp}:${event.flow.clientPort}`, event.data.packetsToServer);
      },
      telemetry: (telemetry) => totals.take(telemetry),
      source: (...news) => void told.push(news),
      sensorGone: (reason) => void warnings.push(reason),
      fault: (error) => void warnings.push(String(error)),
      warning: (message) => void warnings.push(message),
    },
  );
  supervisor.start();
  return { totals, told, warnings, flows, supervisor };
};

const packet = (number: number): Uint8Array =>
  ethernet(0x0800, ipv4(17, udp(4000 + number, 53, ascii(`question ${number}`))));
const send = (port: number, ...parts: (string | Uint8Array)[]): Promise<void> =>
  new Promise((resolve) => socket.send(join(...parts), port, "127.0.0.1", () => resolve()));

describe("several taps of one home", () => {
  test.each(["auto", "off"] as const)("see a packet twice and count it once (%s)", async (deduplicate) => {
    const [tzsp, vxlan] = [await freeUdpPort(), await freeUdpPort()];
    const { totals, told, warnings, flows, supervisor } = start(
      [
        { type: "tzsp", listen: `127.0.0.1:${tzsp}` },
        { type: "vxlan", listen: `127.0.0.1:${vxlan}` },
      ],
      deduplicate,
    );
    await until("both taps", () => told.filter(([, state]) => state === "up").length === 2);
    for (let i = 0; i < 10; i++) {
      await Promise.all([send(tzsp, "01 00 0001 01", packet(i)), send(vxlan, "08000000 00000100", packet(i))]);
    }
    await until("the count", () => totals.totals.packets === 20);
    await supervisor.stop();
    expect(warnings).toEqual([]);
    const delivered = [...flows.values()].reduce((sum, packets) => sum + packets, 0);
    if (deduplicate === "off") {
      expect([totals.totals.duplicates, delivered]).toEqual([undefined, 20]);
      return;
    }
    // On a machine that stands still for longer than the window between the two copies of a packet, they are two.
    expect(totals.totals.duplicates).toBeGreaterThanOrEqual(5);
    expect(delivered).toBe(20 - (totals.totals.duplicates ?? 0));
    expect(flows.size).toBe(10);
  });

  test("go on when one of them fails, which is said and tried again until it comes", async () => {
    const tzsp = await freeUdpPort();
    const connect = `127.0.0.1:${await freeUdpPort()}`;
    const { totals, told, supervisor } = start(
      [
        { type: "tzsp", listen: `127.0.0.1:${tzsp}` },
        { type: "pcap-over-ip", connect },
      ],
      "auto",
    );
    await until("the failure", () => told.some(([index, state]) => index === 1 && state === "failed"));
    expect(told.find(([index]) => index === 1)?.[2]).toBe(
      `${connect}: cannot be reached (ECONNREFUSED): nothing listens there: start it, or mend the port`,
    );
    await until("the other", () => told.some(([index, state]) => index === 0 && state === "up"));
    await send(tzsp, "01 00 0001 01", packet(1));
    await until("its packet", () => totals.totals.packets === 1);
    const server = createServer((peer) => {
      peer.on("error", () => undefined);
      peer.write(encodePcap([{ octets: packet(2), atUs: Date.now() * 1000 }]));
    });
    server.listen(Number(connect.split(":")[1]), "127.0.0.1");
    await until("the one that was away", () => told.some(([index, state]) => index === 1 && state === "up"));
    await until("its packet", () => totals.totals.packets === 2);
    await supervisor.stop();
    server.close();
  });

  test("or one tap that shows everything twice, when that is said", async () => {
    const tzsp = await freeUdpPort();
    const { totals, told, supervisor } = start([{ type: "tzsp", listen: `127.0.0.1:${tzsp}` }], "on");
    await until("the tap", () => told.some(([, state]) => state === "up"));
    const twice = (i: number) => Promise.all([0, 1].map(() => send(tzsp, "01 00 0001 01", packet(i))));
    for (let i = 0; i < 10; i++) await twice(i);
    await until("the count", () => totals.totals.packets === 20);
    await supervisor.stop();
    expect(totals.totals.duplicates).toBeGreaterThanOrEqual(5);
  });
});
