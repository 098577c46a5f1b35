import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { EveLog } from "../records/eve-log.ts";
import { TestHome, until } from "./running-agent.ts";

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
