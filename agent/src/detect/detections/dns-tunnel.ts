import { LruMap } from "../../core/lru-map.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { baseDomain } from "../../intel/public-suffix.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { durationText } from "../party.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Different names below one domain that one device asked for, each with a long made-up part, within the window. Pages and their content networks ask for a handful of such names; a tunnel needs a new one for each packet. */
  names: 50,
  windowSeconds: 600,
  /** Slow leaks: one such name a minute over an hour. */
  slowNames: 60,
  slowWindowSeconds: 3600,
  /** Characters before the domain from which a name can carry data: 24 of base32 are 15 octets. Content networks use 8 to 20. */
  payloadCharacters: 24,
  /** Different names asked for with type NULL or a private type, however long: no program but a tunnel (iodine) uses them. */
  rareNames: 20,
};

interface Server {
  readonly domains: Set<string>;
}

export interface DnsTunnelState {
  readonly fast: DistinctCount<string>;
  readonly slow: DistinctCount<string>;
  /** Octets asked and answered by "client domain". */
  readonly octets: LruMap<string, { up: number; down: number }>;
  /** Other domains that a server answers for: tells a resolver from the end of a tunnel. */
  readonly servers: LruMap<string, Server>;
  readonly rearm: Rearm;
}

/** Services that put long hashes into names on purpose: virus scanners, mail block lists. */
const HASH_SERVICES =
  /(^|\.)(mcafee\.com|trellix\.com|sophosxl\.net|spamhaus\.(org|net)|dnsbl\.\w+|surbl\.org|uribl\.com|barracudacentral\.org|rspamd\.com|e5\.sk|eset\.com|trendmicro\.com|in-addr\.arpa|ip6\.arpa|local|_?tcp\.local)$/i;

export const dnsTunnel = defineDetection<typeof DEFAULTS, DnsTunnelState>({
  id: "tunnel.dns",
  signatureId: 7700070,
  kind: "dns_tunnel",
  severity: "high",
  attack: [
    { tactic: "TA0011", technique: "T1071.004" },
    { tactic: "TA0010", technique: "T1048.003" },
  ],
  advice: [
    "Data leave the home hidden in name look-ups: isolate the device until you know which program does it.",
    "Some VPN apps and virus scanners work like this: if it is one of yours, call it normal.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    fast: new DistinctCount(settings.windowSeconds, 1024, 256),
    slow: new DistinctCount(settings.slowWindowSeconds, 1024, 256),
    octets: new LruMap(1024),
    servers: new LruMap(256),
    rearm: new Rearm(900),
  }),
  on: { dns: follow },
});

/** Domains of a server that are remembered: two tell a resolver from the end of a tunnel. */
const SERVER_DOMAINS = 8;

function follow(
  event: SensorEvent<"dns">,
  state: DnsTunnelState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { data, flow, atUs } = event;
  if (data.name === "") return;
  const isReply = data.isResponse;
  const [clientIp, serverIp] =
    event.toServer !== isReply ? [flow.clientIp, flow.serverIp] : [flow.serverIp, flow.clientIp];
  if (context.isGroup(serverIp)) return;
  const isRare = data.type === "NULL" || /^TYPE65\d{3}$/.test(data.type);
  const server = state.servers.ensure(serverIp, () => ({ domains: new Set<string>() }));
  // Nearly all names are too short to carry anything: no need to know whose they are once the server is known to answer for many.
  if (server.domains.size >= SERVER_DOMAINS && !isRare && data.name.length < settings.payloadCharacters) return;
  const domain = data.name.startsWith("dnscat.") ? "dnscat" : baseDomain(data.name);
  if (server.domains.size < SERVER_DOMAINS) server.domains.add(domain);
  const payload = domain === "dnscat" ? data.name.slice(7) : data.name.slice(0, -domain.length - 1);
  if ((!isRare && payload.replaceAll(".", "").length < settings.payloadCharacters) || HASH_SERVICES.test(data.name))
    return;
  const key = `${clientIp} ${domain}`;
  const octets = state.octets.ensure(key, () => ({ up: 0, down: 0 }));
  if (isReply) {
    octets.down += data.length;
    return;
  }
  octets.up += payload.length;
  const fast = state.fast.add(key, data.name, atUs);
  const slow = state.slow.add(key, data.name, atUs);
  const limit = isRare ? settings.rareNames : settings.names;
  const isFast = fast >= limit;
  if (!isFast && slow < settings.slowNames) return;
  const names = isFast ? fast : slow;
  if (!state.rearm.due(key, names, atUs)) return;
  // A server that answers for other domains too is a resolver: the tunnel ends on the internet behind it.
  const isEnd = context.isHome(serverIp) && server.domains.size < 2 && !isLikelyGateway(serverIp, context);
  context.raise({
    confidence: Math.min(0.97, 0.75 + names / 1000 + (data.type === "NULL" || data.type === "TXT" ? 0.1 : 0)),
    attacker: { ip: clientIp },
    victim: isEnd ? { ip: serverIp } : context.isHome(serverIp) ? null : { ip: serverIp },
    direction: isEnd ? "lateral" : "outbound",
    title: `{device} sends data hidden in name look-ups (${domain})`,
    why: [
      `${names} different ${isRare ? `names of the rare type ${data.type}` : `names with ${settings.payloadCharacters} or more made-up characters`} below ${domain} within ${durationText(isFast ? settings.windowSeconds : settings.slowWindowSeconds)} (threshold ${isFast ? limit : settings.slowNames}).`,
      `They carried about ${octets.up} characters out; the answers had ${octets.down} octets.`,
      `The last was of type ${data.type}: ${data.name.length > 60 ? `${data.name.slice(0, 57)}…` : data.name}.`,
    ],
    fields: { domain, names, characters_out: octets.up, octets_in: octets.down, type: data.type },
    flow,
    atUs,
    group: domain,
  });
}

function isLikelyGateway(ip: string, context: DetectContext): boolean {
  const gateway = context.gatewayIp();
  return gateway === undefined ? /\.(1|254)$/.test(ip) : ip === gateway;
}
