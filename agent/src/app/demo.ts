import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { PEOPLE_DEVICES } from "../demo/home/people-devices.ts";
import { SMART_DEVICES } from "../demo/home/smart-devices.ts";
import { Agent } from "./agent.ts";
import { paint } from "./cli/table.ts";
import { type Config, parseConfig } from "./config.ts";
import { untilStopped } from "./service.ts";

/** Devices that the sample home's people gave a name; the others go by what they call themselves. */
function namedDevices(): { mac: string; name: string; pinned?: boolean }[] {
  return [...PEOPLE_DEVICES, ...SMART_DEVICES]
    .filter(({ name, hostname }) => name !== hostname && name.includes(" ") && name !== "Guest laptop")
    .map(({ mac, name, type }) => ({ mac, name, ...(type === "nas" || type === "camera" ? { pinned: true } : {}) }));
}

/** `lanwarden demo`: the whole pipeline on a sample home, on this machine only. Its data are thrown away at the end unless a folder is named. */
export async function runDemo(options: { listen: string; mqtt: string; data?: string }): Promise<void> {
  let agent: Agent | undefined;
  await untilStopped({
    start: async () => {
      const config = demoConfig(options, options.data === undefined ? temporaryFolder() : resolve(options.data));
      // Standard output is for the person; what goes wrong is told beside it.
      agent = new Agent(config, pino({ level: "warn", base: null }, pino.destination(2)));
      await agent.start();
      process.stdout.write(greeting(agent.pageUrl, config));
    },
    stop: async () => agent?.stop(),
  });
}

function demoConfig(options: { listen: string; mqtt: string }, folder: string): Config {
  const text = JSON.stringify({
    agent: "demo",
    data: folder,
    home: { name: "Sample home", networks: ["192.168.178.0/24", "fd00::/8", "fe80::/10"] },
    sources: [{ type: "demo" }],
    http: { listen: options.listen },
    mqtt: { url: "embedded", listen: options.mqtt },
    devices: namedDevices(),
    response: { mode: "ask", release_after: "1h" },
  });
  return { ...parseConfig(text, "options"), demo: true };
}

/** A folder that goes with the process, however that ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-demo-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function greeting(pageUrl: string, config: Config): string {
  const lines = [
    "",
    paint("  Lanwarden shows a sample home.", "bold"),
    "",
    `  Page       ${paint(pageUrl, "cyan")}`,
    `  MQTT       ${config.mqtt?.url ?? "off"}   topics lanwarden/demo/…`,
    `  API token  ${join(config.dataFolder, "admin-token")}`,
    "",
    `  Nothing here is real: invented devices, recorded trouble. ${paint("Ctrl-C ends it.", "dim")}`,
    "",
  ];
  return `${lines.join("\n")}\n`;
}
