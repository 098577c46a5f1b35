import { LruMap } from "../../core/lru-map.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { clientOf, durationText, serverOf } from "../party.ts";
import { Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** Echo replies within the window whose payload is not what the request with the same number had. RFC 792 wants it returned unchanged; damaged packets do not get so far, so that ten are no accident. */
  changedReplies: 10,
  windowSeconds: 300,
};

export interface IcmpTunnelState {
  /** Payloads asked with, by flow, newest last: number of the request → hash and length. */
  readonly asked: LruMap<number, Map<string, string>>;
  readonly changed: SlidingCount;
  readonly octets: SlidingCount;
  readonly rearm: Rearm;
}

/** Requests kept a flow. A tunnel may use one number for all, then any of its payloads may be the right one. */
const MAX_ASKED = 32;

export const icmpTunnel = defineDetection<typeof DEFAULTS, IcmpTunnelState>({
  id: "tunnel.icmp",
  signatureId: 7700072,
  kind: "icmp_tunnel",
  severity: "high",
  attack: [
    { tactic: "TA0011", technique: "T1095" },
    { tactic: "TA0010", technique: "T1048.003" },
  ],
  advice: [
    "Data travel hidden in pings: isolate the device until you know which program does it.",
    "No home device needs this; only tunnel tools that somebody installed do it.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    asked: new LruMap(512),
    changed: new SlidingCount(settings.windowSeconds, 512),
    octets: new SlidingCount(settings.windowSeconds, 512),
    rearm: new Rearm(900),
  }),
  on: {
    icmp: (event, state, context, settings) => follow(event, 8, 0, state, context, settings),
    icmpv6: (event, state, context, settings) => follow(event, 128, 129, state, context, settings),
  },
});

function follow(
  event: SensorEvent<"icmp"> | SensorEvent<"icmpv6">,
  request: number,
  reply: number,
  state: IcmpTunnelState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { data, flow, atUs } = event;
  // Beyond the first messages of a flow events stand for several: pairs cannot be told any more.
  if (data.messages !== 1 || data.payloadLength === 0) return;
  const content = `${data.payloadHash} ${data.payloadLength}`;
  if (data.type === request) {
    const asked = state.asked.ensure(flow.id, () => new Map<string, string>());
    if (asked.size >= MAX_ASKED) {
      const oldest = asked.keys().next();
      if (!oldest.done) asked.delete(oldest.value);
    }
    asked.set(`${data.id} ${data.sequence} ${content}`, content);
    return;
  }
  if (data.type !== reply) return;
  const asked = state.asked.get(flow.id);
  const number = `${data.id} ${data.sequence} `;
  if (!asked || asked.has(number + content)) return;
  // A reply to a request that was not seen proves nothing.
  if (![...asked.keys()].some((key) => key.startsWith(number))) return;
  const key = `${flow.clientIp} ${flow.serverIp}`;
  const changed = state.changed.add(key, atUs);
  const octets = state.octets.add(key, atUs, data.payloadLength);
  if (changed < settings.changedReplies || !state.rearm.due(key, changed, atUs)) return;
  context.raise({
    confidence: 0.95,
    attacker: clientOf(flow, context),
    victim: serverOf(flow, context),
    direction: context.direction(flow.clientIp, flow.serverIp),
    title: `{device} exchanges data hidden in pings with ${flow.serverIp}`,
    why: [
      `${changed} ping replies within ${durationText(settings.windowSeconds)} did not return what the request had, as they must (threshold ${settings.changedReplies}).`,
      `These replies carried ${octets} octets; the last had ${data.payloadLength}.`,
    ],
    fields: { changed_replies: changed, octets, threshold: settings.changedReplies },
    flow,
    atUs,
  });
}
