import type { Incident } from "@lanwarden/contract/incident";
import type { IncidentEventType } from "@lanwarden/contract/topics";
import { defineNode, type NodeConfig } from "../../runtime/define.ts";
import { recall, remember, trim } from "../../runtime/remember.ts";
import { incidentMessage, isChosen } from "../../runtime/select.ts";

interface MiningConfig extends NodeConfig {
  /** Device ids; empty = all. */
  devices?: string[];
  /** Suspicions too: judged by timing, or by names alone. */
  suspected?: boolean;
  /** Send what mines at each deploy. */
  atDeploy?: boolean;
}

/** Of a mining incident: whether it goes on, and at which pool. */
type Seen = readonly [isActive: boolean, pool: string];
type MiningEvent = Extract<IncidentEventType, `mining_${string}`>;
const MAX_SEEN = 500;
const SEEN = "seen";

/** Mining that starts, stops or changes its pool. */
export const mining = defineNode<MiningConfig>("lanwarden-mining", ({ node, config, link, light }) => {
  const kinds = config.suspected === true ? ["mining", "mining_suspected", "mining_dns"] : ["mining"];
  const choice = { kinds, devices: config.devices ?? [] };
  let seen = new Map<string, Seen>();
  const loading = recall<[string, Seen][]>(node, SEEN).then((entries) => {
    seen = new Map(entries ?? []);
  });
  let hasSent = false;
  let isClosed = false;

  const onMining = (incident: Incident, isDeploy: boolean): void => {
    if (isClosed || !isChosen(incident, choice)) return;
    const before = seen.get(incident.id);
    const now = seenOf(incident);
    const event = isDeploy ? (now[0] ? "mining_started" : undefined) : eventOf(before, now);
    seen.delete(incident.id);
    seen.set(incident.id, now);
    trim(seen, MAX_SEEN);
    if (event === undefined && before?.[0] === now[0] && before[1] === now[1]) return;
    remember(node, SEEN, [...seen]);
    if (event === undefined) return;
    light.say("blue", "dot", event.replace("mining_", "mining "));
    const { coin = null, pool = null } = incident.evidence.fields;
    const mining = { active: now[0], coin, pool, since: incident.first_seen };
    node.send({ ...incidentMessage(link, event, incident), event, mining });
  };
  const inOrder = (act: () => void): void =>
    void loading.then(act).catch((error: Error) => node.error(error.message, {}));
  return {
    onReady() {
      if (hasSent) return;
      hasSent = true;
      inOrder(() => {
        for (const incident of link.open.values()) {
          if (config.atDeploy === true) onMining(incident, true);
          else if (isChosen(incident, choice) && !seen.has(incident.id)) baseline(incident);
        }
      });
    },
    onIncident: ({ incident }) => inOrder(() => onMining(incident, false)),
    onClose() {
      isClosed = true;
    },
  };

  /** Mining already when the node is new: known, so that its pool and end are told. */
  function baseline(incident: Incident): void {
    if (!link.wasTold(incident)) return;
    seen.set(incident.id, seenOf(incident));
  }
});

const seenOf = (incident: Incident): Seen => [
  incident.status !== "resolved",
  String(incident.evidence.fields.pool ?? ""),
];

function eventOf(before: Seen | undefined, [isActive, pool]: Seen): MiningEvent | undefined {
  if (isActive !== (before?.[0] ?? false)) return isActive ? "mining_started" : "mining_stopped";
  return isActive && before !== undefined && before[1] !== pool ? "mining_pool_changed" : undefined;
}
