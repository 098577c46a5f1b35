import { createSocket } from "node:dgram";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { EveLog } from "../records/eve-log.ts";
import {
  dataSet,
  FIELDS4,
  type Half,
  netflow5,
  netflow9,
  record4,
  talk,
  templateSet9,
} from "../records/netflow-datagrams.ts";
import { freePorts, TestHome, until } from "./running-agent.ts";

const homes: TestHome[] = [];
const fresh = async (...args: Parameters<typeof TestHome.make>): Promise<TestHome> => {
  const made = await TestHome.make(...args);
  homes.push(made);
  return made;
};
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

const nowUs = (): number => Date.now() * 1000;
const MAC = "b8:27:eb:11:22:33";
const PHONE = "192.168.178.31";

describe("a home that is told of by Suricata's log", () => {
  test("devices, a port scan and a mining pool become what they become of packets; the log may be rotated", async () => {
    const home = await fresh([{ type: "eve", path: "eve.json" }]);
    const path = join(home.folder, "eve.json");
    writeFileSync(path, "");
    home.start();
    await home.ready();
    expect(home.output).toContain("Suricata's EVE log");

    const log = new EveLog(nowUs() - 5_000_000);
    for (let port = 1; port <= 40; port++)
      log.failed(port / 20, `${PHONE}:40${100 + port}`, `192.168.178.20:${port}`, true);
    appendFileSync(path, log.text);
    await until("the scan", async () => (await home.incidents()).some(({ kind }) => kind === "port_scan"));

    // Put aside and begun anew, as logrotate does.
    renameSync(path, `${path}.1`);
    const later = new EveLog(nowUs() - 1_000_000);
    const miner = { client: "192.168.178.40:50000", server: "203.0.113.9:4444", mac: MAC };
    later.dns(0, "192.168.178.40:40001", "pool.supportxmr.com", "203.0.113.9", { mac: MAC });
    later.tls(0.2, miner, { sni: "pool.supportxmr.com" });
    writeFileSync(path, later.text);
    const mining = await until("the mining", async () =>
      (await home.incidents()).find(({ kind }) => kind === "mining"),
    );
    expect(mining.device).toBe(MAC);
    expect(mining.title).toContain("pool.supportxmr.com");

    const devices = await home.devices();
    expect(devices.find(({ ips }) => ips.includes(PHONE))?.id).toBe(`ip:${PHONE}`);
    const kinds = new Set((await home.incidents()).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["mining", "port_scan"]);
    expect(await home.hub()).toMatchObject({ tap: "ON", mining: "ON" });
    expect(await home.stop()).toBe(0);
    expect(home.output).not.toMatch(/\n\s+at /);
  }, 60_000);
});

/** Sends datagrams over loopback, in order, with a breath between them. */
async function send(port: number, datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) =>
      socket.send(datagram, port, "127.0.0.1", (error) => (error ? reject(error) : resolve())),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.close();
}

const atSeconds = (): number => Math.floor(Date.now() / 1000);
const chunks = <Item>(list: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

describe("a home that is told of by a router's flow records", () => {
  test("a port scan becomes an incident; loss and what cannot be seen are said", async () => {
    const [port = 0] = await freePorts(1);
    const home = await fresh([{ type: "netflow", listen: `127.0.0.1:${port}`, allow: ["127.0.0.1"] }]);
    home.start();
    await home.ready();
    await until("the listener", () => home.output.includes("source netflow"));

    const everyday = Array.from({ length: 12 }, (_, i) => talk("192.168.178.9", 50_000 + i, "203.0.113.1", 443)).flat();
    const scan = Array.from({ length: 40 }, (_, i): Half[] => [
      { source: PHONE, sourcePort: 41_000 + i, destination: "192.168.178.20", destinationPort: i + 1, sourceMac: MAC },
      {
        source: "192.168.178.20",
        sourcePort: i + 1,
        destination: PHONE,
        destinationPort: 41_000 + i,
        flags: 0x14,
        startAgoMs: 19_999,
      },
    ]).flat();
    const door = talk("198.51.100.7", 50_123, "192.168.178.20", 23);
    const template = netflow9({ sets: [templateSet9(260, FIELDS4)], sequence: 0, atSeconds: atSeconds() });
    const data = chunks([...everyday, ...scan, ...door], 20).map((halves, i) =>
      netflow9({ sets: [dataSet(260, halves.map(record4))], sequence: i + 1, atSeconds: atSeconds() }),
    );
    await send(port, [template, ...data]);
    const incident = await until("the scan", async () =>
      (await home.incidents()).find(({ kind }) => kind === "port_scan"),
    );
    expect(incident.device).toBe(MAC);
    expect(incident.direction).toBe("lateral");

    // 30 datagrams are missing.
    await send(port, [
      netflow9({
        sets: [dataSet(260, talk("192.168.178.9", 51_000, "203.0.113.1", 443).map(record4))],
        sequence: 40,
        atSeconds: atSeconds(),
      }),
    ]);
    await until("the loss", async () => (await home.hub()).drop_ratio > 0.5);
    const hub = await home.hub();
    expect(hub.tap).toBe("ON");
    expect(hub.blind_to).toEqual(expect.arrayContaining(["arp_spoofing", "dns_tunnel", "brute_force", "crypto_p2p"]));
    expect(hub.blind_to).not.toContain("port_scan");
    expect(home.output).toMatch(/flow records of 127\.0\.0\.1 were lost/);
    expect((await home.incidents()).map(({ kind }) => kind)).toEqual(["port_scan"]);
    const flows = await home.get<{ items: { server_port: number }[] }>("/flows?limit=500");
    expect(flows.items.some(({ server_port }) => server_port === 23)).toBe(true);
    const devices = await home.devices();
    expect(devices.map(({ id }) => id).sort()).toEqual([MAC, "ip:192.168.178.20", "ip:192.168.178.9"]);
    expect(await home.stop()).toBe(0);
  }, 60_000);

  test("who is not allowed is told of, and not heard", async () => {
    const [port = 0] = await freePorts(1);
    const home = await fresh([{ type: "netflow", listen: `127.0.0.1:${port}`, allow: ["192.0.2.1"] }]);
    home.start();
    await home.ready();
    await until("the listener", () => home.output.includes("source netflow"));
    await until("the refusal", async () => {
      await send(port, [netflow5(talk("192.168.178.9", 50_000, "203.0.113.1", 443), 0, { atSeconds: atSeconds() })]);
      return home.output.includes("127.0.0.1 sends to");
    });
    expect(await home.devices()).toEqual([]);
  }, 60_000);
});
