import { LruMap } from "../../core/lru-map.ts";
import type { FlowRef } from "../../dissect/event.ts";
import type { DhcpEvent } from "../../dissect/protocols/dhcp.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { endsOf } from "../reflection.ts";
import { Rearm } from "../window.ts";

const DEFAULTS = {
  /** Two servers that both answered on one link within this time are at work together; a replaced router is silent from then on. One lease day. */
  togetherSeconds: 86_400,
};

interface Server {
  readonly ip: string;
  readonly mac: string | undefined;
  readonly firstUs: number;
  lastUs: number;
  router: string;
  nameServers: string;
}

export interface RogueDhcpState {
  /** Servers by link. */
  readonly links: LruMap<string, Map<string, Server>>;
  readonly rearm: Rearm;
}

const MAX_SERVERS = 8;

export const rogueDhcp = defineDetection<typeof DEFAULTS, RogueDhcpState>({
  id: "spoof.rogue-dhcp",
  signatureId: 7700051,
  kind: "rogue_dhcp",
  severity: "high",
  attack: [{ tactic: "TA0006", technique: "T1557.003" }],
  advice: [
    "Find the device that hands out addresses beside your router: often a second router or access point in router mode; switch its DHCP server off.",
    "If you do not know it, isolate it: it can send all traffic through itself.",
    "Restart devices that got a wrong address afterwards.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 86_400,
  state: () => ({ links: new LruMap(256), rearm: new Rearm(3600) }),
  on: {
    dhcp({ data, flow, toServer, atUs }, state, context, settings) {
      // 2 offer, 5 acknowledgement: whoever sends them acts as a server.
      if (!data.isReply || (data.messageType !== 2 && data.messageType !== 5)) return;
      const { sender, senderMac } = endsOf(flow, toServer);
      const ip = data.serverId ?? sender;
      const servers = state.links.ensure(linkOf(flow, data), () => new Map<string, Server>());
      note(servers, ip, senderMac, data, atUs);
      const together = [...servers.values()].filter(
        ({ lastUs }) => atUs - lastUs <= settings.togetherSeconds * 1_000_000,
      );
      if (together.length < 2) return;
      const legit = chooseLegit(together, context);
      for (const server of together) if (server !== legit) tell(server, legit, data, flow, atUs, state, context);
    },
  },
});

/** One link: a VLAN, or the far network of a relay. */
const linkOf = (flow: FlowRef, data: DhcpEvent): string => `${flow.vlan.join(".")} ${data.giaddr ?? ""}`;

function note(servers: Map<string, Server>, ip: string, mac: string | undefined, data: DhcpEvent, atUs: number): void {
  const known = servers.get(ip);
  const router = data.routers?.[0] ?? known?.router ?? "";
  const nameServers = data.dnsServers?.join(",") ?? known?.nameServers ?? "";
  if (known) {
    known.lastUs = atUs;
    known.router = router;
    known.nameServers = nameServers;
    return;
  }
  if (servers.size >= MAX_SERVERS) {
    const oldest = servers.keys().next();
    if (!oldest.done) servers.delete(oldest.value);
  }
  servers.set(ip, { ip, mac, firstUs: atUs, lastUs: atUs, router, nameServers });
}

/** The gateway, or who points to the gateway, or who has an address that routers have by habit, or who was there first. */
function chooseLegit(servers: readonly Server[], context: DetectContext): Server | undefined {
  const gateway = context.gatewayIp();
  const byAge = [...servers].sort((a, b) => a.firstUs - b.firstUs);
  return (
    byAge.find(({ ip }) => ip === gateway) ??
    (gateway === undefined ? byAge.find(({ ip, router }) => ip === router && /\.(1|254)$/.test(ip)) : undefined) ??
    byAge.find(({ router }) => gateway !== undefined && router === gateway) ??
    byAge[0]
  );
}

function tell(
  server: Server,
  legit: Server | undefined,
  data: DhcpEvent,
  flow: FlowRef,
  atUs: number,
  state: RogueDhcpState,
  context: DetectContext,
): void {
  if (!legit || !state.rearm.due(server.ip, 1, atUs)) return;
  // A pair that shares the work hands out the same way out and the same name servers.
  const isPair = server.router === legit.router && server.nameServers === legit.nameServers;
  context.raise({
    severity: isPair ? "info" : "high",
    confidence: isPair ? 0.5 : 0.9,
    attacker: { ip: server.ip, ...(server.mac === undefined ? {} : { mac: server.mac }) },
    victim: { mac: data.clientMac },
    direction: "lateral",
    title: isPair
      ? "{device} is a second DHCP server with the same settings"
      : "{device} hands out addresses beside your router (second DHCP server)",
    why: [
      `${server.ip} and ${legit.ip} both answered DHCP requests on one network; there should be one server.`,
      isPair
        ? "Both name the same router and the same name servers, as a pair does that shares the work."
        : `${server.ip} names ${server.router || "no router"} as router and ${server.nameServers || "no"} as name server; ${legit.ip} names ${legit.router || "no router"} and ${legit.nameServers || "none"}.`,
    ],
    fields: {
      rogue_server: server.ip,
      legit_server: legit.ip,
      router: server.router,
      name_servers: server.nameServers,
    },
    flow,
    atUs,
    group: "dhcp",
  });
}
