import type { Severity } from "@lanwarden/contract/kinds";
import { LruMap } from "../../core/lru-map.ts";
import { TCP_SYN } from "../../core/tcp-flags.ts";
import { type DetectContext, defineDetection, type Finding } from "../define.ts";
import { serviceName } from "../login.ts";
import { clientOf, serverOf } from "../party.ts";

const DEFAULTS = {
  /** One session that an outside host opened and the home device answered with data proves it. It is told after this pause, because an attack over the same door, if it is one, is the news and the open door its reason; guessing an SSH password ten times takes 80 s. */
  settleSeconds: 120,
  /** The same service is told again after this pause only. */
  repeatSeconds: 3600,
};

interface Reached {
  readonly finding: Finding;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly atUs: number;
}

export interface ExposedServiceState {
  readonly waiting: LruMap<string, Reached>;
  readonly told: LruMap<string, number>;
}

const MAX_SERVICES = 1024;

/** Services on ports above 1023 that somebody runs on purpose or by mistake; all other high ports are left to peer-to-peer programs and games. */
const HIGH_PORTS: ReadonlyMap<number, string> = new Map([
  [1433, "mssql"],
  [1723, "pptp"],
  [1883, "mqtt"],
  [2222, "ssh"],
  [2323, "telnet"],
  [2375, "docker"],
  [3306, "mysql"],
  [3389, "rdp"],
  [5000, "http"],
  [5001, "https"],
  [5432, "postgresql"],
  [5555, "adb"],
  [5900, "vnc"],
  [6379, "redis"],
  [8000, "http"],
  [8080, "http"],
  [8081, "http"],
  [8123, "http"],
  [8443, "https"],
  [8554, "rtsp"],
  [8883, "mqtt"],
  [8888, "http"],
  [9200, "elasticsearch"],
  [27017, "mongodb"],
  [34567, "dvr"],
  [37777, "dvr"],
]);
/** Protocols that say nothing about a service on a high port, or are peer-to-peer by nature. */
const NO_SERVICE: ReadonlySet<string> = new Set([
  "bittorrent",
  "bitcoin",
  "ethereum",
  "monero",
  "libp2p",
  "edonkey",
  "gnutella",
  "direct-connect",
  "tls",
  "quic",
  "stun",
  "failed",
  "stratum",
  "wireguard",
]);
/** Services that were never meant for the internet: worms take them within hours. */
const DANGEROUS: ReadonlySet<string> = new Set([
  "telnet",
  "ftp",
  "smb",
  "rdp",
  "vnc",
  "rfb",
  "redis",
  "adb",
  "mqtt",
  "rtsp",
  "modbus",
  "bacnet",
  "knx",
  "dahua",
  "dvrip",
  "baichuan",
  "esphome",
  "docker",
  "mongodb",
  "mysql",
  "mssql",
  "postgresql",
  "pgsql",
  "memcached",
  "elasticsearch",
  "dvr",
  "snmp",
  "tftp",
]);
/** Made for the internet, with a log-in or a certificate: often wanted. */
const WANTED: ReadonlySet<string> = new Set(["https", "tls", "smtp", "imap", "ipsec", "openvpn"]);
const LOW_PORTS: ReadonlyMap<number, string> = new Map([
  [21, "ftp"],
  [22, "ssh"],
  [23, "telnet"],
  [80, "http"],
  [443, "https"],
  [445, "smb"],
  [554, "rtsp"],
]);

/** What is served, or undefined when it is nobody's service. */
function serviceAt(port: number, appProto: string | undefined): string | undefined {
  if (appProto !== undefined && !NO_SERVICE.has(appProto)) return appProto;
  if (port < 1024) return LOW_PORTS.get(port) ?? appProto ?? `port ${port}`;
  return HIGH_PORTS.get(port);
}

export const exposedService = defineDetection<typeof DEFAULTS, ExposedServiceState>({
  id: "exposure.service",
  signatureId: 7700040,
  kind: "exposed_service",
  severity: "medium",
  attack: [
    { tactic: "TA0001", technique: "T1133" },
    { tactic: "TA0001", technique: "T1190" },
  ],
  advice: [
    "Look in your router for a port forwarding or an UPnP mapping to this device and remove it if you do not need it.",
    "To reach home from outside, use a VPN (your router may have WireGuard) instead of open ports.",
    "If you opened it on purpose, keep the device updated and call it normal.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 7 * 86_400,
  state: () => ({ waiting: new LruMap(MAX_SERVICES), told: new LruMap(MAX_SERVICES) }),
  on: {
    flow({ data, flow, atUs }, state, context, settings) {
      if (data.phase !== "update" && data.phase !== "end") return;
      if (flow.proto !== "TCP" || data.payloadToClient === 0) return;
      // A session caught in the middle does not tell who opened it.
      if (flow.unseen?.opener) return;
      if ((data.tcpFlagsToServer & TCP_SYN) === 0 || (data.tcpFlagsToClient & TCP_SYN) === 0) return;
      if (context.isHome(flow.clientIp) || !context.isHome(flow.serverIp)) return;
      const service = serviceAt(flow.serverPort, data.appProto);
      if (service === undefined) return;
      const key = `${flow.serverIp} ${flow.serverPort}`;
      const toldUs = state.told.get(key);
      if (state.waiting.has(key) || (toldUs !== undefined && atUs - toldUs < settings.repeatSeconds * 1_000_000))
        return;
      const isGateway = flow.serverIp === context.gatewayIp();
      state.waiting.set(key, {
        clientIp: flow.clientIp,
        serverIp: flow.serverIp,
        atUs,
        finding: {
          severity: severityOf(service),
          confidence: 0.95,
          attacker: clientOf(flow, context),
          victim: serverOf(flow, context),
          direction: "inbound",
          title: `{device} can be reached from the internet: ${serviceName(service)}, port ${flow.serverPort}`,
          why: [
            `${flow.clientIp} on the internet opened a session to TCP port ${flow.serverPort} and got ${data.payloadToClient} octets back.`,
            data.appProto === undefined
              ? "The protocol was not recognised; the service is named by its port."
              : `The protocol was recognised as ${data.appProto}.`,
            ...(isGateway ? ["The device is your router: its own pages or services answer on the internet side."] : []),
          ],
          fields: { service, port: flow.serverPort, octets_answered: data.payloadToClient },
          flow,
          atUs,
          group: `TCP ${flow.serverPort}`,
        },
      });
    },
  },
  tick(nowUs, state, context, settings) {
    for (const [key, reached] of state.waiting.entries()) {
      if (nowUs - reached.atUs < settings.settleSeconds * 1_000_000) continue;
      tell(key, reached, state, context);
    }
  },
  finish(_nowUs, state, context) {
    for (const [key, reached] of state.waiting.entries()) tell(key, reached, state, context);
  },
});

function tell(
  key: string,
  { finding, clientIp, serverIp, atUs }: Reached,
  state: ExposedServiceState,
  context: DetectContext,
): void {
  state.waiting.delete(key);
  state.told.set(key, atUs);
  if (!context.isKnownAttack(clientIp, serverIp)) {
    context.raise(finding);
    return;
  }
  context.raise({
    ...finding,
    severity: "info",
    why: [...finding.why, "An attack over this door is told as an incident of its own."],
  });
}

function severityOf(service: string): Severity {
  if (DANGEROUS.has(service)) return "high";
  return WANTED.has(service) ? "low" : "medium";
}
