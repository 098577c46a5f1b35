import type { Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Command } from "commander";
import { type ClientOptions, callAgent, withClientOptions } from "./client.ts";
import { table, wrap } from "./table.ts";

/** `lanwarden devices`: of the running agent, riskiest first. */
export function registerDevices(program: Command): void {
  withClientOptions(
    program.command("devices").description("list the devices of the running agent, riskiest first"),
  ).action(async (options: ClientOptions) => {
    const { items } = await callAgent<Page<Device>>(options, "GET", "/devices");
    process.stdout.write(options.json ? `${JSON.stringify(items, null, 2)}\n` : `${deviceTable(items)}\n`);
  });
}

/** The device list for a person. */
export function deviceTable(devices: readonly Device[]): string {
  if (devices.length === 0) return "No device seen yet.";
  const rows = devices.map((device) => [
    String(Math.round(device.risk.score)).padStart(4),
    device.name.slice(0, 26),
    device.type,
    device.ips[0] ?? "",
    device.vendor ?? "",
  ]);
  const worst = devices[0];
  const fix = worst?.risk.factors[0];
  const next =
    worst && fix && worst.risk.score >= 25
      ? `\n\n${wrap(`${worst.name}: ${fix.why} ${fix.fix} (-${Math.round(fix.points)} points)`, 80)}`
      : "";
  return `${table(["Risk", "Device", "Type", "Address", "Vendor"], rows)}${next}`;
}
