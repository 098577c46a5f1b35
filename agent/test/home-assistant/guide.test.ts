import { execFileSync, spawn } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Device } from "@lanwarden/contract/device";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { CaptureBuilder } from "../../src/demo/frames/capture.ts";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { SMART_DEVICES } from "../../src/demo/home/smart-devices.ts";
import { freePorts, notBusy } from "../service/running-agent.ts";
import { bin, eventually, HomeAssistant, noHomeAssistant, readLines, remove, temporaryFolder } from "./rig.ts";

const reason = noHomeAssistant("the guide to Home Assistant");
const guide = readFileSync(fileURLToPath(new URL("../../../docs/guides/home-assistant.md", import.meta.url)), "utf8");
const tenSteps = guide.slice(guide.indexOf("## Ten steps"), guide.indexOf("### No broker"));

/** The configuration that a step of the guide says to write: its last YAML block. */
function blockOfStep(number: number): Record<string, unknown> {
  const text = tenSteps.slice(tenSteps.indexOf(`**${number}.`), tenSteps.indexOf(`**${number + 1}.`));
  const [, yaml] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].at(-1) ?? [];
  if (yaml === undefined) throw new Error(`step ${number} has no configuration`);
  return parse(yaml) as Record<string, unknown>;
}

/** The sample home's Hue bridge by itself: a device that does nothing wrong. */
function quietCapture(): Uint8Array {
  const hue = SMART_DEVICES.find(({ type }) => type === "hub")!;
  const mac = Buffer.from(hue.mac.replaceAll(":", ""), "hex");
  const quiet = new CaptureBuilder();
  for (const { atUs, frame, wireLength } of buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000 }).builder.frames())
    if (mac.equals(frame.subarray(0, 6)) || mac.equals(frame.subarray(6, 12))) quiet.add(atUs, frame, wireLength);
  return quiet.toPcap();
}

/** Follows the ten steps in an empty folder, with the names of this Home Assistant put in where the guide has its own. */
describe.skipIf(reason !== undefined)("ten steps from nothing to a spoken alert", () => {
  const folder = temporaryFolder();
  const configFile = join(folder, "lanwarden.yaml");
  let ha: HomeAssistant;
  let agent: ReturnType<typeof spawn> | undefined;
  let page = "";
  let log = "";

  const lanwarden = (...args: string[]): string =>
    execFileSync(process.execPath, ["--conditions=source", bin, ...args], { cwd: folder, encoding: "utf8" });
  const configure = (change: Record<string, unknown>): void => {
    const text = JSON.stringify({ ...(parse(readFileSync(configFile, "utf8")) as object), ...change })
      .replace("mqtt://homeassistant.local:1883", ha.mqtt)
      .replace("http://homeassistant.local:8123", ha.url)
      .replace("assist_satellite.kitchen", ha.entities("_satellite")[0]?.entity_id ?? "");
    writeFileSync(configFile, stringify(JSON.parse(text)));
  };
  const call = async <Answer>(path: string, method = "GET", body?: object): Promise<Answer> => {
    const token = readFileSync(join(folder, "data/admin-token"), "utf8").trim();
    const headers = { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) };
    const answer = await notBusy(() =>
      fetch(`${page}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
    );
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  async function start(): Promise<void> {
    log = "";
    agent = spawn(process.execPath, ["--conditions=source", bin, "run"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    readLines(agent, (line) => {
      log += `${line}\n`;
    });
    await eventually("the agent", () => log.includes("page on"), 30_000);
  }
  async function stop(): Promise<void> {
    agent?.kill("SIGTERM");
    await eventually("the agent's end", () => agent?.exitCode !== null, 10_000);
  }

  beforeAll(() => {
    ha = new HomeAssistant("lwguide", 8156, 18856);
  }, 120_000);
  afterAll(async () => {
    await stop();
    ha?.down();
    remove(folder);
  });

  it("1 to 3: a configuration, the start, and Lanwarden is there", async () => {
    expect(lanwarden("init")).toContain("lanwarden.yaml");
    writeFileSync(join(folder, "mqtt-password"), "the-password\n");
    chmodSync(join(folder, "mqtt-password"), 0o600);
    const [port = 0] = await freePorts(1);
    page = `http://127.0.0.1:${port}`;
    // In place of a mirror port: a capture. All else is what the guide says.
    writeFileSync(join(folder, "home.pcap"), quietCapture());
    configure({
      ...blockOfStep(2),
      sources: [{ type: "file", path: "home.pcap", speed: "max" }],
      home: { networks: ["192.168.178.0/24"] },
      http: { listen: `127.0.0.1:${port}` },
    });
    expect(lanwarden("config", "check", "lanwarden.yaml")).toContain("good");
    await start();
    await eventually("the summary", () => ha.entities("lanwarden_home_summary")[0], 20_000);
  });

  it("4 to 7: the link, a phone and a speaker", async () => {
    writeFileSync(join(folder, "ha-token"), `${ha.token}\n`);
    chmodSync(join(folder, "ha-token"), 0o600);
    for (const step of [5, 6, 7]) {
      configure(blockOfStep(step));
      expect(lanwarden("config", "check", "lanwarden.yaml")).toContain("good");
    }
    // Whoever runs this at night would hear nothing.
    const link = blockOfStep(7).home_assistant as Record<string, unknown>;
    configure({ home_assistant: { ...link, quiet_hours: undefined } });
    await stop();
    await start();
    await eventually("the link", () => /Home Assistant/.test(log) && !/refused|cannot/.test(log), 20_000);
  });

  it("8 and 9: a device is pinned, and a drill rings the phone and is spoken", async () => {
    const { items } = await call<{ items: Device[] }>("/devices");
    const device = items.find(({ type }) => type === "hub")!;
    await call(`/devices/${encodeURIComponent(device.id)}`, "PATCH", { pinned: true });
    const id = device.id.replaceAll(":", "");
    await eventually("its entities", () => ha.entities(`lanwarden_${id}_risk`)[0], 15_000);
    const before = ha.calls().length;
    await call("/drills", "POST", { kind: "mining", device: device.id });
    const fresh = () => ha.calls().slice(before);
    const push = await eventually("the phone", () => fresh().find(({ call: what }) => what === "push"), 10_000);
    expect(push.found.title).toMatch(/^Drill: /);
    const spoken = await eventually("the speaker", () => fresh().find(({ call: what }) => what === "announce"), 10_000);
    expect(spoken.found.message).toMatch(/^This is only a drill\. /);
    expect(ha.complaints()).toBe("");
  });
});
