import type { FlowRef } from "../../dissect/event.ts";
import { ArpDead } from "../arp-dead.ts";
import type { Attempt, AttemptEnd } from "../attempts.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { clientOf, commonNetwork, durationText } from "../party.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Distinct outside hosts tried in vain on one service port. Zeek's scan policy has 25 hosts in 5 minutes. */
  hosts: 25,
  windowSeconds: 300,
  /** On ports that worms try and homes never use outwards (Telnet, ADB, TR-069, SMB …) ten dead hosts are enough: Maltrail has 32, for whole networks. */
  wormHosts: 10,
  /** Slow sweeps of worm ports: one dead host a minute over an hour. */
  slowHosts: 60,
  slowWindowSeconds: 3600,
  /** Home hosts tried in vain on one port, absent hosts seen by ARP included; a home has rarely more than a few that are known and off. */
  homeHosts: 20,
  /** Home hosts contacted on one worm port within `contactWindowSeconds`, answered or not: no person opens file shares or consoles of ten devices within a minute. */
  contacts: 10,
  contactWindowSeconds: 60,
};

/** What worms and botnets look for. */
const WORM_PORTS: ReadonlySet<number> = new Set([
  23, 2323, 135, 139, 445, 3389, 5555, 5358, 7547, 8291, 9527, 23231, 34567, 37215, 37777, 52869, 60001,
]);
/** Services above 1023 that are looked for all over the internet. Other high ports are left out: peer-to-peer programs meet many dead peers. */
const HIGH_SERVICE_PORTS: ReadonlySet<number> = new Set([
  1433, 1521, 1723, 1883, 2222, 3128, 3306, 4444, 5000, 5038, 5432, 5900, 5984, 6379, 8000, 8080, 8081, 8088, 8443,
  8888, 9000, 9200, 10000, 11211, 27017, 49152,
]);

export interface NetworkScanState {
  readonly failed: DistinctCount<string>;
  readonly slow: DistinctCount<string>;
  readonly contacts: DistinctCount<string>;
  readonly dead: ArpDead;
  readonly rearm: Rearm;
}

export const networkScan = defineDetection<typeof DEFAULTS, NetworkScanState>({
  id: "scan.network",
  signatureId: 7700011,
  kind: "network_scan",
  severity: "high",
  attack: [
    { tactic: "TA0007", technique: "T1018" },
    { tactic: "TA0043", technique: "T1595.001" },
  ],
  advice: [
    "A device that searches many hosts for one service is usually infected or misused: isolate it.",
    "Restart it, update its firmware, change its password before it goes online again; if it is no longer supported, replace it.",
    "If you ran a network scanner yourself, call it normal.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    failed: new DistinctCount(settings.windowSeconds, 1024, 1024),
    slow: new DistinctCount(settings.slowWindowSeconds, 512, 512),
    contacts: new DistinctCount(settings.contactWindowSeconds, 1024, 256),
    dead: new ArpDead(settings.contactWindowSeconds),
    rearm: new Rearm(600),
  }),
  on: {
    arp: ({ data, atUs }, state) => void state.dead.follow(data, atUs),
  },
  attempt: weigh,
});

function weigh(
  { flow, style, end, atUs }: Attempt,
  state: NetworkScanState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  if (style === "udp" || style === "icmp" || context.isGroup(flow.serverIp)) return;
  if (context.direction(flow.clientIp, flow.serverIp) === "lateral")
    weighInside(flow, end, atUs, state, context, settings);
  else if (end !== "answered") weighOutside(flow, atUs, state, context, settings);
}

function weighOutside(
  flow: FlowRef,
  atUs: number,
  state: NetworkScanState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const port = flow.serverPort;
  const isWorm = WORM_PORTS.has(port);
  if (!isWorm && port >= 1024 && !HIGH_SERVICE_PORTS.has(port)) return;
  // Without look-ups an outage, in which all that people open stays silent, cannot be told from a search; of ports that nobody opens it can.
  if (!isWorm && flow.unseen?.names) return;
  // A name was looked up for it: somebody wanted this host. Scanners draw addresses by lot, and an outage makes honest ones silent.
  if (context.nameOf(flow.clientIp, flow.serverIp) !== undefined) return;
  const key = `${flow.clientIp} ${port}`;
  const hosts = state.failed.add(key, flow.serverIp, atUs);
  const slow = isWorm ? state.slow.add(key, flow.serverIp, atUs) : 0;
  const isInbound = context.direction(flow.clientIp, flow.serverIp) === "inbound";
  const limit = isWorm || isInbound ? settings.wormHosts : settings.hosts;
  const isFast = hosts >= limit;
  if (!isFast && slow < settings.slowHosts) return;
  const count = isFast ? hosts : slow;
  if (!state.rearm.due(key, count, atUs)) return;
  raise(flow, atUs, context, {
    count,
    limit: isFast ? limit : settings.slowHosts,
    windowSeconds: isFast ? settings.windowSeconds : settings.slowWindowSeconds,
    victims: state.failed.values(key),
    sentence: "They did not answer or refused, and no name had been looked up for them.",
    isWorm,
  });
}

function weighInside(
  flow: FlowRef,
  end: AttemptEnd,
  atUs: number,
  state: NetworkScanState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const port = flow.serverPort;
  // Apart from what the same device tries outside: one contact at home must not inherit the count of a scan of the internet.
  const key = `home ${flow.clientIp} ${port}`;
  state.dead.sawAlive(flow.serverIp);
  const contacts = state.contacts.add(key, flow.serverIp, atUs);
  const failed = end === "answered" ? state.failed.count(key, atUs) : state.failed.add(key, flow.serverIp, atUs);
  // Absent hosts belong to this scan if the same port was tried on at least two that are there.
  const absent = contacts >= 2 && flow.clientMac !== undefined ? state.dead.count(flow.clientMac, atUs) : 0;
  const isWorm = WORM_PORTS.has(port);
  if (isWorm && contacts >= settings.contacts && contacts >= failed + absent) {
    if (!state.rearm.due(key, contacts, atUs)) return;
    raise(flow, atUs, context, {
      count: contacts,
      limit: settings.contacts,
      windowSeconds: settings.contactWindowSeconds,
      victims: state.contacts.values(key),
      sentence: "Worms spread over this port; people do not open it on so many devices at once.",
      isWorm,
    });
    return;
  }
  if (failed + absent < settings.homeHosts) return;
  if (!state.rearm.due(key, failed + absent, atUs)) return;
  raise(flow, atUs, context, {
    count: failed + absent,
    limit: settings.homeHosts,
    windowSeconds: absent > 0 ? settings.contactWindowSeconds : settings.windowSeconds,
    victims: state.contacts.values(key),
    sentence: `${failed} refused or kept silent, ${absent} addresses asked for by ARP belong to nobody.`,
    isWorm,
  });
}

interface Scan {
  readonly count: number;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly victims: readonly string[];
  readonly sentence: string;
  readonly isWorm: boolean;
}

function raise(flow: FlowRef, atUs: number, context: DetectContext, scan: Scan): void {
  const direction = context.direction(flow.clientIp, flow.serverIp);
  const subnet = commonNetwork(scan.victims);
  const port = flow.serverPort;
  const where = direction === "outbound" ? "the internet" : "the home network";
  context.raise({
    severity: direction === "inbound" ? "low" : scan.isWorm ? "high" : "medium",
    confidence: Math.min(0.99, 1 - (0.3 * scan.limit) / scan.count),
    attacker: clientOf(flow, context),
    victim: subnet === undefined ? null : { subnet },
    direction,
    // A scan from outside has no single device as its aim.
    title:
      direction === "inbound"
        ? `${flow.clientIp} on the internet searches the home for open port ${port}`
        : `{device} searches ${where} for hosts with port ${port} open`,
    why: [
      `${scan.count} different hosts were tried on TCP port ${port} within ${durationText(scan.windowSeconds)} (threshold ${scan.limit}).`,
      scan.sentence,
      ...(port === 23 || port === 2323 ? ["Telnet is what Mirai and its kin look for."] : []),
    ],
    fields: { hosts: scan.count, port, threshold: scan.limit, window_seconds: scan.windowSeconds, style: "horizontal" },
    flow,
    atUs,
    // One incident a scanner, whatever ports it goes through.
    group: direction === "outbound" ? "internet" : "home",
  });
}
