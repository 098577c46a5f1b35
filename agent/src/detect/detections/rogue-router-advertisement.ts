import { LruMap } from "../../core/lru-map.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { endsOf } from "../reflection.ts";
import { Rearm } from "../window.ts";

const DEFAULTS = {
  /** Advertisements that both routers must have sent, the older one again after the newer appeared: a router that was replaced is silent. */
  advertisements: 2,
};

interface Router {
  readonly ip: string;
  mac: string | undefined;
  readonly firstUs: number;
  lastUs: number;
  count: number;
  lifetimeSeconds: number;
  preference: "low" | "medium" | "high";
  prefixes: string;
  nameServers: string;
}

export interface RogueRouterAdvertisementState {
  readonly links: LruMap<string, Map<string, Router>>;
  readonly rearm: Rearm;
}

const MAX_ROUTERS = 16;

export const rogueRouterAdvertisement = defineDetection<typeof DEFAULTS, RogueRouterAdvertisementState>({
  id: "spoof.router-advertisement",
  signatureId: 7700052,
  kind: "rogue_router_advertisement",
  severity: "high",
  attack: [{ tactic: "TA0006", technique: "T1557" }],
  advice: [
    "Find the device that calls itself an IPv6 router: a second router, a computer with connection sharing, or an attacker.",
    "If you do not know it, isolate it: it can send the IPv6 traffic of all devices through itself.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 7200,
  state: () => ({ links: new LruMap(256), rearm: new Rearm(3600) }),
  on: {
    icmpv6(event, state, context, settings) {
      if (event.data.type !== 134 || event.data.router === undefined) return;
      const router = note(event, state);
      if (!router) return;
      const routers = [...(state.links.peek(event.flow.vlan.join("."))?.values() ?? [])];
      const active = routers.filter((one) => event.atUs - one.lastUs <= one.lifetimeSeconds * 1_000_000);
      const oldest = active.reduce<Router | undefined>(
        (a, b) => (a === undefined || b.firstUs < a.firstUs ? b : a),
        undefined,
      );
      if (!oldest) return;
      for (const other of active) {
        const isBothAlive = oldest.lastUs > other.firstUs && other.count >= settings.advertisements;
        if (other !== oldest && isBothAlive && oldest.count >= settings.advertisements)
          tell(other, oldest, event, state, context);
      }
    },
  },
});

/** Keeps what the router says; undefined for those that are no default router (Thread border routers say lifetime 0). */
function note(event: SensorEvent<"icmpv6">, state: RogueRouterAdvertisementState): Router | undefined {
  const { data, flow, toServer, atUs } = event;
  const { sender, senderMac } = endsOf(flow, toServer);
  const routers = state.links.ensure(flow.vlan.join("."), () => new Map<string, Router>());
  const said = data.router;
  if (!said || said.lifetimeSeconds === 0) {
    routers.delete(sender);
    return undefined;
  }
  let router = routers.get(sender);
  if (!router) {
    if (routers.size >= MAX_ROUTERS) return undefined;
    router = {
      ip: sender,
      mac: undefined,
      firstUs: atUs,
      lastUs: atUs,
      count: 0,
      lifetimeSeconds: 0,
      preference: "medium",
      prefixes: "",
      nameServers: "",
    };
    routers.set(sender, router);
  }
  router.mac = data.linkLayer ?? senderMac;
  router.lastUs = atUs;
  router.count++;
  router.lifetimeSeconds = said.lifetimeSeconds;
  router.preference = said.preference;
  router.prefixes = said.prefixes.map(({ prefix }) => prefix).join(",");
  router.nameServers = said.nameServers.join(",");
  return router;
}

function tell(
  other: Router,
  first: Router,
  event: SensorEvent<"icmpv6">,
  state: RogueRouterAdvertisementState,
  context: DetectContext,
): void {
  // Two routers of one provider line, or a mesh, advertise the same prefixes.
  if (other.prefixes === first.prefixes && other.nameServers === first.nameServers && other.preference !== "high")
    return;
  if (!state.rearm.due(other.ip, 1, event.atUs)) return;
  context.raise({
    severity: other.preference === "high" ? "high" : "medium",
    confidence: other.preference === "high" ? 0.9 : 0.7,
    attacker: { ip: other.ip, ...(other.mac === undefined ? {} : { mac: other.mac }) },
    victim: null,
    direction: "lateral",
    title: "{device} calls itself an IPv6 router beside yours",
    why: [
      `${other.ip} and ${first.ip} both advertise themselves as default router; ${first.ip} was there first and still is.`,
      `It announces ${other.prefixes || "no prefix"} with ${other.preference} preference; the first announces ${first.prefixes || "no prefix"} with ${first.preference} preference.`,
      ...(other.nameServers === first.nameServers ? [] : [`It names ${other.nameServers || "no name servers"}.`]),
    ],
    fields: { router: other.ip, first_router: first.ip, prefixes: other.prefixes, preference: other.preference },
    flow: event.flow,
    atUs: event.atUs,
    group: "ra",
  });
}
