import { LruMap } from "../../core/lru-map.ts";
import { defineDetection } from "../define.ts";
import { Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** New flows that a device of this home opened under an address that is not of this home, to hosts outside, within the window. A device that just left another network sends one or two; forging is done in numbers. */
  flows: 20,
  windowSeconds: 60,
  /** The same for a MAC whose own address was never seen: UDP flows that nobody answered, and none that was answered. Where the tap stands before the router, or the home networks are set wrongly, answers come back; to a forged address they do not. */
  unansweredFlows: 100,
};

export interface IpSpoofingState {
  readonly flows: SlidingCount;
  /** Home addresses seen with a MAC: who forges has one. */
  readonly owners: LruMap<string, string>;
  readonly unanswered: SlidingCount;
  /** MACs under whose foreign addresses answers came back: no forgers. */
  readonly answered: LruMap<string, true>;
  readonly rearm: Rearm;
}

export const ipSpoofing = defineDetection<typeof DEFAULTS, IpSpoofingState>({
  id: "spoof.ip",
  signatureId: 7700053,
  kind: "ip_spoofing",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1498" }],
  advice: [
    "The device sends packets under the addresses of others, which only attacks need: isolate it, then reset and update it.",
    "If this is your provider's address range, add it to the home networks in the configuration.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) => ({
    flows: new SlidingCount(settings.windowSeconds, 1024),
    owners: new LruMap(2048),
    unanswered: new SlidingCount(settings.windowSeconds, 1024),
    answered: new LruMap(1024),
    rearm: new Rearm(600),
  }),
  on: {
    arp({ data }, state) {
      if (!data.isProbe) state.owners.set(data.senderMac, data.senderIp);
    },
    flow({ data, flow, atUs }, state, context, settings) {
      const { clientMac: mac, clientIp, serverIp } = flow;
      if (mac === undefined) return;
      if (context.isHome(clientIp)) {
        state.owners.set(mac, clientIp);
        return;
      }
      // Packets from the internet come in under the router's MAC and go to home addresses; these do neither.
      if (context.isHome(serverIp) || context.isGroup(serverIp) || context.isGroup(clientIp)) return;
      if (data.phase === "established") state.answered.set(mac, true);
      if (data.phase !== "start") return;
      const ownIp = state.owners.get(mac);
      if (ownIp !== undefined && ownIp === context.gatewayIp()) return;
      const flows = state.flows.add(mac, atUs);
      const isUnanswered = flow.proto === "UDP" && !flow.unseen?.answers && !state.answered.has(mac);
      const unanswered = isUnanswered ? state.unanswered.add(mac, atUs) : 0;
      const isForger = ownIp === undefined ? unanswered >= settings.unansweredFlows : flows >= settings.flows;
      if (!isForger || !state.rearm.due(mac, flows, atUs)) return;
      context.raise({
        confidence: 0.85,
        attacker: ownIp === undefined ? { mac } : { mac, ip: ownIp },
        victim: { ip: clientIp },
        direction: "outbound",
        subject: ownIp === undefined ? { mac } : { mac, ip: ownIp },
        title: `{device} sends packets under a foreign address (${clientIp})`,
        why: [
          `${flows} new flows within ${settings.windowSeconds} s came from MAC ${mac} under an address outside the home (threshold ${ownIp === undefined ? settings.unansweredFlows : settings.flows}), the last under ${clientIp} to ${serverIp}.`,
          ownIp === undefined
            ? "Its own address was not seen, and none of these flows was answered."
            : `The device's own address is ${ownIp}.`,
        ],
        fields: { spoofed: clientIp, flows, own_ip: ownIp ?? "" },
        flow,
        atUs,
        group: "spoof",
      });
    },
  },
});
