import type { Incident } from "@lanwarden/contract/incident";
import type { IncidentEvent } from "../../agent/ledger.ts";
import { defineNode, type NodeConfig } from "../../runtime/define.ts";
import { type IncidentChoice, incidentMessage, isChosen } from "../../runtime/select.ts";

interface IncidentConfig extends NodeConfig, IncidentChoice {
  /** Changes that are sent; empty = all. */
  changes?: string[];
  /** Send the open incidents at each deploy, with `msg.change` "open". */
  atDeploy?: boolean;
  /** Drills are sent too. */
  drills?: boolean;
}

/** One message an incident or change of it. */
export const incident = defineNode<IncidentConfig>("lanwarden-incident", ({ node, config, link, light }) => {
  const changes = config.changes ?? [];
  /** Sent at the deploy: what the stream tells of the time before is known by that. */
  const atDeploy = new Map<string, Incident>();

  const send = (change: string, incident: Incident): void => {
    if (!isChosen(incident, config) || (incident.test === true && config.drills === false)) return;
    light.say("blue", "dot", incident.kind);
    node.send(incidentMessage(link, change, incident));
  };
  const isKnown = ({ incident }: IncidentEvent): boolean => {
    const sent = atDeploy.get(incident.id);
    if (sent?.status === incident.status && sent.severity === incident.severity && sent.count >= incident.count)
      return true;
    atDeploy.delete(incident.id);
    return false;
  };
  return {
    onReady() {
      if (config.atDeploy !== true || atDeploy.size > 0) return;
      for (const incident of link.open.values()) {
        if (incident.status !== "open") continue;
        atDeploy.set(incident.id, incident);
        send("open", incident);
      }
    },
    onIncident(event) {
      if (isKnown(event)) return;
      if (changes.length === 0 || changes.includes(event.change)) send(event.change, event.incident);
    },
  };
});
