import { LruMap } from "../../core/lru-map.ts";
import type { ArpEvent } from "../../dissect/protocols/arp.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { DistinctCount, Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** ARP answers that nobody asked for, from a MAC that claims an address of another MAC, within the window. Poisoning must repeat faster than caches forget (Linux 30 to 60 s; tools send every 1 to 10 s); a host that takes an address over announces itself twice (RFC 5227 §2.3) and then answers questions only. */
  unaskedAnswers: 4,
  windowSeconds: 60,
  /** Announcements (gratuitous ARP) of a claimed address while its owner goes on to claim it. Fail-over pairs send up to five at once. */
  announcements: 10,
  /** One MAC that pushes unasked answers for so many addresses within the window, whoever owns them: that is a man in the middle of many. */
  claimedAddresses: 4,
};

interface Claim {
  readonly firstUs: number;
  lastUs: number;
}

export interface ArpSpoofingState {
  /** MACs that claimed an address: ip → mac → when. */
  readonly claims: LruMap<string, Map<string, Claim>>;
  /** Open questions: "asked asker" → when. */
  readonly questions: LruMap<string, number>;
  /** Unasked answers by "mac ip". */
  readonly unasked: SlidingCount;
  readonly announced: SlidingCount;
  /** Addresses that a MAC claims by unasked answers. */
  readonly claimed: DistinctCount<string>;
  /** Address under which a MAC itself asks. */
  readonly ownIp: LruMap<string, string>;
  /** MACs to speak about at the next tick, with the last packet's time. */
  readonly suspects: LruMap<string, number>;
  readonly rearm: Rearm;
}

const MAX_ADDRESSES = 2048;
const MAX_CLAIMANTS = 8;
const QUESTION_US = 3_000_000;
/** A former owner that was not heard for so long has left: an address may move (DHCP), microseconds. */
const OWNER_US = 1800 * 1_000_000;

/** MACs that move between routers on purpose: VRRP and CARP (RFC 9568 §7.3), HSRP, GLBP. */
const isVirtualRouter = (mac: string): boolean =>
  /^(00:00:5e:00:0[12]|00:00:0c:07:ac|00:00:0c:9f:f|00:07:b4:00)/.test(mac);

export const arpSpoofing = defineDetection<typeof DEFAULTS, ArpSpoofingState>({
  id: "spoof.arp",
  signatureId: 7700050,
  kind: "arp_spoofing",
  severity: "high",
  attack: [{ tactic: "TA0006", technique: "T1557.002" }],
  advice: [
    "Isolate the device: it redirects the traffic of others through itself and can read or change it.",
    "Until it is gone, avoid logging in anywhere from the home network without a VPN.",
    "Parental-control boxes and some network tools do this on purpose: if it is one of yours, call it normal.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) => ({
    claims: new LruMap(MAX_ADDRESSES),
    questions: new LruMap(MAX_ADDRESSES),
    unasked: new SlidingCount(settings.windowSeconds),
    announced: new SlidingCount(settings.windowSeconds),
    claimed: new DistinctCount(settings.windowSeconds, 256, 256),
    ownIp: new LruMap(MAX_ADDRESSES),
    suspects: new LruMap(64),
    rearm: new Rearm(300),
  }),
  on: {
    arp: ({ data, atUs }, state, _context, settings) => follow(data, atUs, state, settings),
  },
  tick: (_nowUs, state, context, settings) => tellAll(state, context, settings),
  finish: (_nowUs, state, context, settings) => tellAll(state, context, settings),
});

function follow(arp: ArpEvent, atUs: number, state: ArpSpoofingState, settings: typeof DEFAULTS): void {
  const { senderIp, senderMac, targetIp, targetMac, operation } = arp;
  if (operation !== 1 && operation !== 2) return;
  if (operation === 1 && !arp.isGratuitous) state.questions.set(`${targetIp} ${senderMac}`, atUs);
  if (arp.isProbe || senderIp === "0.0.0.0" || isVirtualRouter(senderMac)) return;
  const claimants = state.claims.ensure(senderIp, () => new Map());
  claim(claimants, senderMac, atUs);
  if (operation === 1 && !arp.isGratuitous) {
    state.ownIp.set(senderMac, senderIp);
    return;
  }
  const key = `${senderMac} ${senderIp}`;
  if (arp.isGratuitous) {
    const count = state.announced.add(key, atUs);
    if (count >= settings.announcements && isContested(claimants, senderMac, atUs)) state.suspects.set(senderMac, atUs);
    return;
  }
  const askedUs = state.questions.get(`${senderIp} ${targetMac}`);
  if (askedUs !== undefined && atUs - askedUs <= QUESTION_US) return;
  const count = state.unasked.add(key, atUs);
  const addresses = count >= 2 ? state.claimed.add(senderMac, senderIp, atUs) : state.claimed.count(senderMac, atUs);
  if (count >= settings.unaskedAnswers && isContested(claimants, senderMac, atUs)) state.suspects.set(senderMac, atUs);
  else if (addresses >= settings.claimedAddresses) state.suspects.set(senderMac, atUs);
}

function claim(claimants: Map<string, Claim>, mac: string, atUs: number): void {
  const known = claimants.get(mac);
  if (known) {
    known.lastUs = atUs;
    return;
  }
  if (claimants.size >= MAX_CLAIMANTS) {
    const oldest = claimants.keys().next();
    if (!oldest.done) claimants.delete(oldest.value);
  }
  claimants.set(mac, { firstUs: atUs, lastUs: atUs });
}

/** Another MAC claimed the address not long ago. */
function isContested(claimants: Map<string, Claim>, mac: string, atUs: number): boolean {
  for (const [other, { lastUs }] of claimants) if (other !== mac && atUs - lastUs <= OWNER_US) return true;
  return false;
}

function tellAll(state: ArpSpoofingState, context: DetectContext, settings: typeof DEFAULTS): void {
  for (const [mac, atUs] of state.suspects.entries()) {
    state.suspects.delete(mac);
    tell(mac, atUs, state, context, settings);
  }
}

function tell(
  mac: string,
  atUs: number,
  state: ArpSpoofingState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const ownIp = state.ownIp.get(mac);
  const claimed = claimedBy(mac, atUs, state).filter((ip) => ip !== ownIp);
  const victim = mostImportant(claimed, context);
  if (victim === undefined) return;
  const owner = [...(state.claims.peek(victim)?.keys() ?? [])].find((other) => other !== mac);
  const count = state.unasked.sum(`${mac} ${victim}`, atUs) + state.announced.sum(`${mac} ${victim}`, atUs);
  if (!state.rearm.due(mac, claimed.length, atUs)) return;
  const isGateway = isLikelyGateway(victim, context);
  const others = claimed.length - 1;
  context.raise({
    severity: isGateway ? "critical" : "high",
    confidence: owner === undefined ? 0.8 : isGateway ? 0.97 : 0.9,
    attacker: { mac, ...(ownIp === undefined ? {} : { ip: ownIp }) },
    victim: { ip: victim, ...(owner === undefined ? {} : { mac: owner }) },
    direction: "lateral",
    subject: { mac },
    title: `{device} pretends to be ${isGateway ? "the router" : victim}${others > 0 ? ` and ${others} other${others > 1 ? "s" : ""}` : ""}`,
    why: [
      `MAC ${mac} told others ${count} times within ${settings.windowSeconds} s, without being asked, that it is ${victim} (threshold ${settings.unaskedAnswers}).`,
      owner === undefined
        ? `It claims ${claimed.length} addresses in this way (threshold ${settings.claimedAddresses}).`
        : `The address belongs to MAC ${owner}, which was heard within the last 30 minutes.`,
      "An address that moves is announced once or twice; poisoning must be repeated.",
    ],
    fields: { spoofed_ip: victim, addresses: claimed.length, ...(owner === undefined ? {} : { true_mac: owner }) },
    atUs,
    group: "arp",
  });
}

/** Addresses that the MAC claims without being asked: contested ones, else all that it pushes. */
function claimedBy(mac: string, atUs: number, state: ArpSpoofingState): string[] {
  const contested: string[] = [];
  for (const [ip, claimants] of state.claims.entries()) {
    if (!claimants.has(mac)) continue;
    const count = state.unasked.sum(`${mac} ${ip}`, atUs) + state.announced.sum(`${mac} ${ip}`, atUs);
    if (count > 0 && isContested(claimants, mac, atUs)) contested.push(ip);
  }
  return contested.length > 0 ? contested : state.claimed.values(mac);
}

const mostImportant = (ips: readonly string[], context: DetectContext): string | undefined =>
  ips.find((ip) => isLikelyGateway(ip, context)) ?? ips[0];

/** The gateway, or, while it is not known, an address that routers have by habit. */
function isLikelyGateway(ip: string, context: DetectContext): boolean {
  const gateway = context.gatewayIp();
  return gateway === undefined ? /\.(1|254)$/.test(ip) : ip === gateway;
}
