import { severityRank } from "@lanwarden/contract/kinds";
import type { AnalyzeResult } from "./analyze.ts";
import { deviceTable } from "./cli/devices.ts";
import { incidentList } from "./cli/incidents.ts";
import { paint } from "./cli/table.ts";

const MAX_SHOWN = 12;

/** One screen for a person: a sentence, the incidents with reason and advice, the devices. */
export function summaryText(result: AnalyzeResult): string {
  const loud = result.incidents.filter((incident) => severityRank(incident.severity) > 0);
  const quiet = result.incidents.length - loud.length;
  const verdict = loud.length === 0 ? "All quiet" : loud.length === 1 ? "One incident" : `${loud.length} incidents`;
  const packets = `${result.packets.toLocaleString("en")} packets, ${(result.bytes / 1e6).toFixed(1)} MB, ${result.devices.length} ${result.devices.length === 1 ? "device" : "devices"} of the home`;
  const parts = [`${paint(verdict, "bold")} in ${packets}.${result.truncated ? " The capture ends early." : ""}`];
  if (loud.length > 0) parts.push(incidentList(loud.slice(0, MAX_SHOWN)));
  if (loud.length > MAX_SHOWN) parts.push(`… and ${loud.length - MAX_SHOWN} more: use --out FOLDER for all of them.`);
  if (result.devices.length > 0) parts.push(deviceTable(result.devices.slice(0, MAX_SHOWN)));
  if (result.devices.length > MAX_SHOWN) parts.push(`… and ${result.devices.length - MAX_SHOWN} more devices.`);
  if (quiet > 0)
    parts.push(paint(`${quiet} more for information only; --out FOLDER keeps all, with every flow.`, "dim"));
  return parts.join("\n\n");
}
