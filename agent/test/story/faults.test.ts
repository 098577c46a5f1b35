import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Device } from "@lanwarden/contract/device";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bin, eventually, HomeNet, noHomeNet, remove, temporaryFolder } from "../home-assistant/rig.ts";
import { AgentApi, until } from "./api.ts";
import { Lines } from "./lines.ts";
import { CAMERA, CLOUD_PORT, POOL_PORT } from "./story-home.ts";

const reason = noHomeNet("faults of the story", ["nft", "ethtool", "tcpdump"]);
const here = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url));
const LAN = "192.168.75";

const ISOLATING = ["requested", "applying", "applied", "verified"];
const RELEASING = ["releasing", "reverted", "released"];
const FAULTS = [...ISOLATING, ...RELEASING].flatMap((step) => [
  { step, when: "before" },
  { step, when: "after" },
]);

describe.skipIf(reason !== undefined)("kill -9 at each step of an isolation", () => {
  const folder = temporaryFolder();
  const configFile = join(folder, "lanwarden.yaml");
  const faultFile = join(folder, "fault");
  const api = new AgentApi(join(folder, "api.sock"), join(folder, "data"));
  const log: string[] = [];
  let net: HomeNet;
  let camera: Lines;

  beforeAll(async () => {
    net = new HomeNet("lwsf", LAN, [`camera:10:${CAMERA.id}`, "tv:11"], "router");
    const run = (host: string, name: string, ...args: string[]): Lines =>
      new Lines(net.start(host, [process.execPath, here(name), ...args]));
    const internet = run("internet", "internet.mjs", String(CLOUD_PORT), String(POOL_PORT));
    await internet.first("the internet", 0, ({ internet: is }) => is === "ready");
    run("router", "tunnel.mjs", join(folder, "api.sock"), "127.0.0.1", "8470");
    camera = run("camera", "infected.mjs", String(CLOUD_PORT));
    const config = {
      data: join(folder, "data"),
      home: { networks: [`${LAN}.0/24`] },
      sources: [{ type: "interface", interface: "mon0" }],
      http: { listen: "127.0.0.1:8470" },
      devices: [{ mac: CAMERA.id, name: CAMERA.name, pinned: true }],
      response: {
        mode: "ask",
        backends: [
          { type: "nftables", family: "inet" },
          { type: "nftables", family: "bridge" },
        ],
      },
    };
    writeFileSync(configFile, JSON.stringify(config));
    await start();
  }, 90_000);

  afterAll(() => {
    net?.down();
    remove(folder);
  });

  async function start(): Promise<void> {
    const flags = ["--conditions=source", "--import", here("die-at-step.mjs")];
    const command = ["env", `STORY_FAULT=${faultFile}`, process.execPath, ...flags, bin, "run", "--config", configFile];
    net.start("router", command, (line) => log.push(line));
    await until("the agent is ready", api.isReady, 40_000).catch((error: Error) => {
      throw new Error(`${error.message}\n${log.slice(-20).join("\n")}`);
    });
  }

  const pid = (): number | undefined => net.pidOf("router", configFile);
  const device = (): Promise<Device> => api.device(CAMERA.id);
  const settled = (): Promise<Device> =>
    until("the isolation is settled", async () => {
      const now = await device();
      return now.isolated.state === "pending" ? undefined : now;
    });
  /** Whether the router holds the camera, in each of the two families; anybody else in our sets is a fault. */
  function held(): boolean[] {
    return ["inet", "bridge"].map((family) => {
      const listed = net.run("router", "bash", "-c", `nft list table ${family} lanwarden 2>/dev/null || true`);
      const macs = [...listed.matchAll(/elements = \{([^}]*)\}/g)].flatMap(([, elements = ""]) =>
        [...elements.matchAll(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g)].map(([mac]) => mac),
      );
      expect(macs.filter((mac) => mac !== CAMERA.id)).toEqual([]);
      return macs.includes(CAMERA.id);
    });
  }
  const ask = (method: "PUT" | "DELETE"): Promise<unknown> =>
    api.call(method, `/devices/${encodeURIComponent(CAMERA.id)}/isolation`).catch(() => undefined);

  it.each(FAULTS)('$when the step "$step"', async ({ step, when }) => {
    await until("the camera is seen", device);
    if (RELEASING.includes(step)) {
      await ask("PUT");
      expect((await settled()).isolated.state).toBe("yes");
      expect(held()).toEqual([true, true]);
    }
    writeFileSync(faultFile, `${step}:${when}`);
    await ask(RELEASING.includes(step) ? "DELETE" : "PUT");
    await eventually("the agent is killed", () => pid() === undefined, 15_000, 50);
    rmSync(faultFile);
    await start();
    const { isolated } = await settled();
    const isHeld = isolated.state === "yes";
    expect(["yes", "no"]).toContain(isolated.state);
    expect(held()).toEqual([isHeld, isHeld]);
    // What was written down is done: the wish outlives the crash.
    if (step !== "requested" && step !== "releasing") expect(isHeld).toBe(ISOLATING.includes(step));
    await ask("DELETE");
    expect((await settled()).isolated.state).toBe("no");
    expect(held()).toEqual([false, false]);
    const now = Date.now();
    await camera.first("the camera is online again", now, ({ answered }) => answered === "udp");
  });

  it("an incident that was told is still there after it, and not told twice", async () => {
    camera.say("scan");
    const scans = async () =>
      (await api.incidents()).filter(({ kind, device: of }) => kind === "network_scan" && of === CAMERA.id);
    const before = await until("the scan is told", async () => {
      const [first] = await scans();
      return first;
    });
    process.kill(pid() ?? 0, "SIGKILL");
    await eventually("the agent is killed", () => pid() === undefined, 15_000, 50);
    await start();
    await until("it goes on", async () => (await scans()).some(({ last_seen: last }) => last > before.last_seen));
    camera.say("stop");
    expect((await scans()).map(({ id }) => id)).toEqual([before.id]);
    expect((await scans())[0]?.status).toBe("open");
  });

  it("said nothing odd", () => {
    expect(log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
