import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "../../src/app/home.ts";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import type { SensorEvent } from "../../src/dissect/event.ts";
import { EveReader } from "../../src/records/eve-reader.ts";
import { FlowPairs } from "../../src/records/flow-pairs.ts";
import { NetflowDecoder } from "../../src/records/netflow-decoder.ts";
import { NETWORKS, recordContext } from "./reading.ts";

// The sample home as real programs tell of it. What packets show is in agent/src/demo; here nothing else may come of it.

const folder = mkdtempSync(join(tmpdir(), "lanwarden-sensors-"));
const pcap = join(folder, "home.pcap");
const START = 1_760_000_000_000_000;
const NOW = START + 8 * 3_600_000_000;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isThere = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

function homeOf(events: readonly SensorEvent[]): Home {
  const home = new Home({ networks: NETWORKS, gateway: undefined, declared: [], detections: {} });
  for (const event of events) home.handle(event);
  home.finish();
  return home;
}

const kindsOf = (home: Home): string[] => [...new Set(home.incidents().map(({ kind }) => kind))].sort();

beforeAll(() => writeFileSync(pcap, buildDemoHome({ seed: 3, startUs: START, hours: 1 }).builder.toPcap()), 60_000);

const SURICATA = `%YAML 1.1
---
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      ethernet: yes
      types: [flow, dns, { tls: { extended: yes } }, { http: { extended: yes } }, ssh, quic, { dhcp: { enabled: yes, extended: yes } }, ftp, mqtt, rfb]
app-layer:
  protocols:
    tls: { enabled: yes, detection-ports: { dp: 443 } }
    dns: { tcp: { enabled: yes }, udp: { enabled: yes } }
    http: { enabled: yes }
    ssh: { enabled: yes }
    mqtt: { enabled: yes }
    ftp: { enabled: yes }
    rfb: { enabled: yes }
    quic: { enabled: yes }
    dhcp: { enabled: yes }
`;

describe.skipIf(!isThere("suricata"))("Suricata (skipped where it is not installed)", () => {
  it("tells of scans, open doors and the mining pool, and of the devices by their MAC", () => {
    const log = join(folder, "suricata");
    mkdirSync(log);
    writeFileSync(join(folder, "suricata.yaml"), SURICATA);
    spawnSync("suricata", ["-c", join(folder, "suricata.yaml"), "-r", pcap, "-l", log, "-k", "none"]);
    const reader = new EveReader(recordContext());
    const events: SensorEvent[] = [];
    const fates = new Set<string>();
    for (const line of readFileSync(join(log, "eve.json"), "utf8").trim().split("\n"))
      fates.add(reader.line(line, NOW, (made) => events.push(...made)));
    expect([...fates]).not.toContain("invalid");
    const home = homeOf(events);
    expect(kindsOf(home)).toEqual(["exposed_service", "mining", "mining_dns", "network_scan", "port_scan"]);
    expect(home.devices().filter(({ mac }) => mac !== null).length).toBeGreaterThan(20);
  }, 60_000);
});

describe.skipIf(!isThere("softflowd"))("softflowd (skipped where it is not installed)", () => {
  it.each([["5"], ["9", "-T", "ether"], ["10", "-T", "ether"], ["10", "-b"]])(
    "NetFlow version %s tells of scans and open doors",
    async (version, ...more) => {
      const datagrams: Uint8Array[] = [];
      const socket = createSocket({ type: "udp4", recvBufferSize: 8_388_608 });
      socket.on("message", (octets) => datagrams.push(octets));
      await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
      const target = `127.0.0.1:${socket.address().port}`;
      const exporter = spawn("softflowd (skipped where it is not installed)", [
        "-d",
        "-r",
        pcap,
        "-n",
        target,
        "-v",
        version,
        "-c",
        "none",
        "-p",
        join(folder, "pid"),
        ...more,
      ]);
      await new Promise((resolve) => exporter.on("exit", resolve));
      await new Promise((resolve) => setTimeout(resolve, 500));
      socket.close();

      const decoder = new NetflowDecoder();
      const pairs = new FlowPairs(recordContext());
      let lost = 0;
      for (const octets of datagrams) {
        const datagram = decoder.decode(octets, "127.0.0.1");
        expect(datagram.fault).toBeUndefined();
        lost += datagram.lost;
        for (const flow of datagram.flows) pairs.add(flow, "127.0.0.1", datagram.sampling, NOW);
      }
      pairs.advance(NOW + 60_000_000);
      expect(lost).toBe(0);
      expect(kindsOf(homeOf(pairs.takeEvents()))).toEqual(["exposed_service", "network_scan", "port_scan"]);
    },
    60_000,
  );
});
