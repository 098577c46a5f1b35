import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { PEOPLE_DEVICES } from "../demo/home/people-devices.ts";
import { SMART_DEVICES } from "../demo/home/smart-devices.ts";
import { Agent } from "./agent.ts";
import { paint } from "./cli/table.ts";
import { parseConfig } from "./config.ts";
import { untilStopped } from "./service.ts";

/** Devices that the sample home's people gave a name; the others go by what they call themselves. */
function namedDevices(): { mac: string; name: string; pinned?: boolean }[] {
  return [...PEOPLE_DEVICES, ...SMART_DEVICES]
    .filter(({ name, hostname }) => name !== hostname && name.includes(" ") && name !== "Guest laptop")
    .map(({ mac, name, type }) => ({ mac, name, ...(type === "nas" || type === "camera" ? { pinned: true } : {}) }));
}

/** `lanwarden demo`: the whole pipeline on a sample home, on this machine only. Its data are thrown away at the end unless a folder is named. */
export async function runDemo(options: { listen: string; mqtt: string; data?: string }): Promise<void> {
  const folder = options.data === undefined ? mkdtempSync(join(tmpdir(), "lanwarden-demo-")) : resolve(options.data);
  const text = JSON.stringify({
    agent: "demo",
    data: folder,
    home: { name: "Sample home", networks: ["192.168.178.0/24", "fd00::/8", "fe80::/10"] },
    sources: [{ type: "demo" }],
    http: { listen: options.listen },
    mqtt: { url: "embedded", listen: options.mqtt },
    devices: namedDevices(),
  });
  const config = { ...parseConfig(text, "options"), demo: true };
  const agent = new Agent(config, pino({ level: "warn", base: null }));
  try {
    await agent.start();
  } catch (error) {
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const lines = [
    "",
    paint("  Lanwarden shows a sample home.", "bold"),
    "",
    `  Page       ${paint(agent.pageUrl, "cyan")}`,
    `  MQTT       ${config.mqtt?.url ?? "off"}   topics lanwarden/demo/…`,
    `  API token  ${join(folder, "admin-token")}`,
    "",
    `  Nothing here is real: invented devices, recorded trouble. ${paint("Ctrl-C ends it.", "dim")}`,
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  await untilStopped(async () => {
    await agent.stop();
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  });
}
