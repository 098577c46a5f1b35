import { defineDetection } from "../define.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Distinct hardware addresses that ask for a first lease within the window. After a power cut a home of 150 devices comes back over minutes, since they boot at different speed; starvation tools use up a /24 in seconds. */
  clients: 50,
  windowSeconds: 10,
};

export interface DhcpStarvationState {
  readonly clients: DistinctCount<string>;
  readonly rearm: Rearm;
}

export const dhcpStarvation = defineDetection<typeof DEFAULTS, DhcpStarvationState>({
  id: "flood.dhcp-starvation",
  signatureId: 7700033,
  kind: "dhcp_starvation",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1499" }],
  advice: [
    "Some device uses up all addresses so that others get none: disconnect access points and switches one by one until it stops.",
    "Restart the router afterwards, so that its list of leases is empty again.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) => ({ clients: new DistinctCount(settings.windowSeconds, 64, 512), rearm: new Rearm(600) }),
  on: {
    dhcp({ data, flow, atUs }, state, context, settings) {
      if (data.isReply || data.messageType !== 1) return;
      const link = flow.vlan.join(".");
      const clients = state.clients.add(link, data.clientMac, atUs);
      if (clients < settings.clients || !state.rearm.due(link, clients, atUs)) return;
      context.raise({
        confidence: 0.95,
        attacker: null,
        victim: null,
        direction: "lateral",
        title: "Somebody in the home uses up all network addresses (DHCP starvation)",
        why: [
          `${clients} different hardware addresses asked for a first lease within ${settings.windowSeconds} s (threshold ${settings.clients}).`,
          "The addresses are made up, so the device behind them cannot be named from these packets.",
        ],
        fields: { clients, threshold: settings.clients },
        flow,
        atUs,
        group: `vlan ${link}`,
      });
    },
  },
});
