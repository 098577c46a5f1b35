import type { Party } from "@lanwarden/contract/incident";
import { LruMap } from "../../core/lru-map.ts";
import type { FlowRef } from "../../dissect/event.ts";
import { ArpDead } from "../arp-dead.ts";
import type { Attempt } from "../attempts.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { clientOf, commonNetwork, durationText } from "../party.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Addresses without a host that one device asked for by ARP, or pinged in vain, within the window. A booting device asks for a handful, a hub looks for the few devices that are off; half a hundred dead addresses in a minute is a search. Slips has 5 in 30 s and is loud. */
  hosts: 30,
  windowSeconds: 60,
  /** A sweep is told when it has paused for so long, so that what follows it (tries on one port) can decide its name. */
  calmSeconds: 5,
};

/** Contacts on one port that turn a sweep into a scan of that port, which scan.network tells. */
const SAME_PORT_CONTACTS = 2;
const MAX_SWEEPS = 256;

interface Sweep {
  readonly attacker: Party;
  readonly attackerIp: string;
  readonly how: "ARP requests" | "pings";
  count: number;
  lastUs: number;
  readonly startUs: number;
  flow: FlowRef;
  targets: readonly string[];
}

export interface HostSweepState {
  readonly dead: ArpDead;
  readonly pinged: DistinctCount<string>;
  readonly contacts: DistinctCount<string>;
  readonly sweeps: LruMap<string, Sweep>;
  readonly rearm: Rearm;
}

export const hostSweep = defineDetection<typeof DEFAULTS, HostSweepState>({
  id: "scan.host-sweep",
  signatureId: 7700012,
  kind: "host_sweep",
  severity: "medium",
  attack: [{ tactic: "TA0007", technique: "T1018" }],
  advice: [
    "Network scanner apps, printer finders and some hubs do this on purpose: if it is one of yours, call it normal.",
    "If it is a camera, a plug or another single-purpose device, isolate it and check it.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    dead: new ArpDead(settings.windowSeconds),
    pinged: new DistinctCount(settings.windowSeconds, 512, 1024),
    contacts: new DistinctCount(settings.windowSeconds, 1024, 64),
    sweeps: new LruMap(MAX_SWEEPS),
    rearm: new Rearm(600),
  }),
  on: {
    arp: ({ data, flow, atUs }, state, context, settings) => {
      const count = state.dead.follow(data, atUs);
      if (count < settings.hosts || data.senderIp === context.gatewayIp()) return;
      note(state, data.senderMac, {
        attacker: { ip: data.senderIp, mac: data.senderMac },
        attackerIp: data.senderIp,
        how: "ARP requests",
        count,
        lastUs: atUs,
        startUs: atUs,
        flow,
        targets: state.dead.targets(data.senderMac),
      });
    },
  },
  attempt: weigh,
  tick(nowUs, state, context, settings) {
    for (const [key, sweep] of state.sweeps.entries()) {
      const isCalm = nowUs - sweep.lastUs >= settings.calmSeconds * 1_000_000;
      if (!isCalm && nowUs - sweep.startUs < settings.windowSeconds * 1_000_000) continue;
      state.sweeps.delete(key);
      tell(key, sweep, state, context, settings);
    }
  },
  finish(_nowUs, state, context, settings) {
    for (const [key, sweep] of state.sweeps.entries()) tell(key, sweep, state, context, settings);
  },
});

function weigh(
  { flow, style, end, atUs }: Attempt,
  state: HostSweepState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  if (context.isGroup(flow.serverIp)) return;
  if (style === "syn") {
    if (context.isHome(flow.serverIp)) state.contacts.add(`${flow.clientIp} ${flow.serverPort}`, flow.serverIp, atUs);
    return;
  }
  if (style !== "icmp" || end === "answered" || flow.clientIp === context.gatewayIp()) return;
  const mayBeNamed = flow.unseen?.names || context.nameOf(flow.clientIp, flow.serverIp) !== undefined;
  if (!context.isHome(flow.serverIp) && mayBeNamed) return;
  const count = state.pinged.add(flow.clientIp, flow.serverIp, atUs);
  if (count < settings.hosts) return;
  note(state, flow.clientIp, {
    attacker: clientOf(flow, context),
    attackerIp: flow.clientIp,
    how: "pings",
    count,
    lastUs: atUs,
    startUs: atUs,
    flow,
    targets: state.pinged.values(flow.clientIp),
  });
}

function note(state: HostSweepState, key: string, seen: Sweep): void {
  const sweep = state.sweeps.get(key);
  if (!sweep) {
    state.sweeps.set(key, seen);
    return;
  }
  sweep.count = Math.max(sweep.count, seen.count);
  sweep.lastUs = seen.lastUs;
  sweep.flow = seen.flow;
  sweep.targets = seen.targets;
}

function tell(
  key: string,
  sweep: Sweep,
  state: HostSweepState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  if (isPortScan(sweep, state)) return;
  if (!state.rearm.due(key, sweep.count, sweep.lastUs)) return;
  const target = sweep.targets[0] ?? sweep.flow.serverIp;
  const direction = context.direction(sweep.attackerIp, target);
  const subnet = commonNetwork(sweep.targets);
  context.raise({
    severity: direction === "inbound" ? "low" : "medium",
    confidence: Math.min(0.95, 1 - (0.4 * settings.hosts) / sweep.count),
    attacker: sweep.attacker,
    victim: subnet === undefined ? null : { subnet },
    direction,
    title: `{device} searches ${subnet ?? "the network"} for devices`,
    why: [
      `${sweep.count} addresses where nobody answers were asked for by ${sweep.how} within ${durationText(settings.windowSeconds)} (threshold ${settings.hosts}).`,
      "Addresses of devices that are known to be there were not counted.",
    ],
    fields: {
      hosts: sweep.count,
      threshold: settings.hosts,
      window_seconds: settings.windowSeconds,
      style: sweep.how === "pings" ? "ping" : "arp",
    },
    flow: sweep.flow,
    atUs: sweep.lastUs,
    group: subnet ?? "*",
  });
}

function isPortScan(sweep: Sweep, state: HostSweepState): boolean {
  const prefix = `${sweep.attackerIp} `;
  for (const key of state.contacts.keys())
    if (key.startsWith(prefix) && state.contacts.count(key, sweep.lastUs) >= SAME_PORT_CONTACTS) return true;
  return false;
}
