import { defineDetection } from "../define.ts";
import { Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** Questions of one home device to one outside server within the window. A whole home on one resolver asks some dozens in a second when everything starts at once, and hardly ever 20 a second for ten seconds. */
  queries: 200,
  windowSeconds: 10,
  /** Share of them that no honest program asks in numbers (ANY, unassigned types) or that have no answer or no such name, per cent. */
  oddPercent: 50,
};

export interface DnsFloodState {
  readonly queries: SlidingCount;
  readonly odd: SlidingCount;
  readonly good: SlidingCount;
  readonly rearm: Rearm;
}

const isOddType = (type: string): boolean => type === "ANY" || type.startsWith("TYPE");

export const dnsFlood = defineDetection<typeof DEFAULTS, DnsFloodState>({
  id: "flood.dns",
  signatureId: 7700034,
  kind: "dns_flood",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1498.001" }],
  advice: ["The device takes part in an attack on a name server: isolate it, then reset and update it."],
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) => ({
    queries: new SlidingCount(settings.windowSeconds, 1024),
    odd: new SlidingCount(settings.windowSeconds, 1024),
    good: new SlidingCount(settings.windowSeconds, 1024),
    rearm: new Rearm(600),
  }),
  on: {
    dns({ data, flow, toServer, atUs }, state, context, settings) {
      const [client, server] =
        toServer !== data.isResponse ? [flow.clientIp, flow.serverIp] : [flow.serverIp, flow.clientIp];
      if (!context.isHome(client) || context.isHome(server) || context.isGroup(server)) return;
      const key = `${client} ${server}`;
      if (data.isResponse) {
        if (data.rcode === 0) state.good.add(key, atUs);
        return;
      }
      const queries = state.queries.add(key, atUs);
      if (isOddType(data.type)) state.odd.add(key, atUs);
      if (queries < settings.queries) return;
      const unanswered = flow.unseen?.answers ? 0 : queries - state.good.sum(key, atUs);
      const odd = Math.max(state.odd.sum(key, atUs), unanswered);
      if (odd * 100 < queries * settings.oddPercent || !state.rearm.due(key, queries, atUs)) return;
      context.raise({
        confidence: 0.9,
        attacker: { ip: client },
        victim: { ip: server },
        direction: "outbound",
        title: `{device} floods the name server ${server}`,
        why: [
          `${queries} questions within ${settings.windowSeconds} s went to ${server} (threshold ${settings.queries}).`,
          `${odd} of them were of odd types or had no good answer (threshold ${settings.oddPercent} %).`,
        ],
        fields: { queries, odd, threshold: settings.queries },
        flow,
        atUs,
      });
    },
  },
});
