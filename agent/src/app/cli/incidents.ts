import type { Page } from "@lanwarden/contract/api";
import type { Incident } from "@lanwarden/contract/incident";
import type { Command } from "commander";
import { type ClientOptions, callAgent, withClientOptions } from "./client.ts";
import { paint, severityStyle, wrap } from "./table.ts";

/** `lanwarden incidents`: of the running agent, newest first. */
export function registerIncidents(program: Command): void {
  withClientOptions(program.command("incidents").description("list the incidents of the running agent, newest first"))
    .option("--all", "resolved ones too")
    .action(async (options: ClientOptions & { all?: boolean }) => {
      const { items } = await callAgent<Page<Incident>>(
        options,
        "GET",
        `/incidents?limit=500${options.all ? "" : "&status=open"}`,
      );
      process.stdout.write(options.json ? `${JSON.stringify(items, null, 2)}\n` : `${incidentList(items)}\n`);
    });
}

/** Incidents for a person: severity, title, the first reason and the first advice of each. */
export function incidentList(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return "No incidents. All quiet.";
  return incidents
    .map((incident) => {
      const label = paint(incident.severity.toUpperCase().padEnd(8), severityStyle[incident.severity] ?? "dim");
      const lines = [`${label} ${wrap(incident.title, 70, "         ")}`];
      const why = incident.why[0];
      if (why) lines.push(`         ${wrap(`why: ${why}`, 70, "              ")}`);
      const advice = incident.advice[0];
      if (advice && incident.severity !== "info")
        lines.push(`         ${wrap(`do:  ${advice}`, 70, "              ")}`);
      return lines.join("\n");
    })
    .join("\n");
}
