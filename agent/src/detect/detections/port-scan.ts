import type { Severity } from "@lanwarden/contract/kinds";
import type { Attempt } from "../attempts.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { clientOf, durationText, nameAndAddress, serverOf } from "../party.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Distinct ports of one host that one other host tried in vain within the window. Zeek's scan policy has 15 in 5 minutes; programs with a purpose know their port. */
  ports: 15,
  windowSeconds: 300,
  /** The same for tries that leave the home: doubled, because peers behind one shared address (carrier NAT) have many ports. */
  outboundPorts: 30,
  /** Slow scans: 25 ports in an hour is one every 2.5 minutes, and still no program with a purpose. */
  slowPorts: 25,
  slowWindowSeconds: 3600,
  /** UDP says nothing when a port is open or filtered, so that some real refusals (ICMP port unreachable) must be among the tries. */
  udpRefusals: 5,
  /** From here on it is a systematic scan (nmap's default is 1,000 ports): severity high inside and outwards. */
  highPorts: 100,
};

export interface PortScanState {
  readonly fast: DistinctCount<number>;
  readonly slow: DistinctCount<number>;
  readonly refused: DistinctCount<number>;
  readonly open: DistinctCount<number>;
  readonly stealth: DistinctCount<number>;
  readonly rearm: Rearm;
}

/** traceroute's default destination ports: base 33434, three probes for each of 30 hops. */
const isTraceroute = (port: number): boolean => port >= 33434 && port <= 33534;

export const portScan = defineDetection<typeof DEFAULTS, PortScanState>({
  id: "scan.port",
  signatureId: 7700010,
  kind: "port_scan",
  severity: "medium",
  attack: [
    { tactic: "TA0007", technique: "T1046" },
    { tactic: "TA0043", technique: "T1595.001" },
  ],
  advice: [
    "If you or an app of yours just checked the network, call it normal.",
    "If the scanning device is at home and should not do this, isolate it: it looks for ways into others.",
    "If the scan comes from the internet, close the ports that answered in your router's port forwarding.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    fast: new DistinctCount(settings.windowSeconds, 1024, 2048),
    slow: new DistinctCount(settings.slowWindowSeconds, 1024, 512),
    refused: new DistinctCount(settings.windowSeconds, 512, 64),
    open: new DistinctCount(settings.slowWindowSeconds, 512, 64),
    stealth: new DistinctCount(settings.windowSeconds, 256, 1024),
    rearm: new Rearm(600),
  }),
  on: {},
  attempt: weigh,
});

function weigh(
  { flow, style, end, atUs }: Attempt,
  state: PortScanState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  if (style === "icmp" || context.isGroup(flow.serverIp) || context.isGroup(flow.clientIp)) return;
  // Late answers of a service whose flow has expired look like tries from its port.
  if (style === "udp" && (flow.clientPort < 1024 || isTraceroute(flow.serverPort))) return;
  const key = `${flow.clientIp} ${flow.serverIp} ${flow.proto}`;
  const port = flow.serverPort;
  if (end === "answered") {
    state.open.add(key, port, atUs);
    return;
  }
  if (end === "refused") state.refused.add(key, port, atUs);
  if (style === "stealth") state.stealth.add(key, port, atUs);
  const fast = state.fast.add(key, port, atUs);
  const slow = state.slow.add(key, port, atUs);
  const direction = context.direction(flow.clientIp, flow.serverIp);
  const factor = direction === "outbound" ? settings.outboundPorts / settings.ports : 1;
  const isFast = fast >= settings.ports * factor;
  const isSlow = !isFast && slow >= settings.slowPorts * factor;
  if (!isFast && !isSlow) return;
  const refusals = state.refused.count(key, atUs);
  if (style === "udp" && refusals < settings.udpRefusals) return;
  const ports = isFast ? fast : slow;
  if (!state.rearm.due(key, ports, atUs)) return;

  const limit = (isFast ? settings.ports : settings.slowPorts) * factor;
  const windowSeconds = isFast ? settings.windowSeconds : settings.slowWindowSeconds;
  const open = state.open.values(key);
  const isStealth = state.stealth.count(key, atUs) * 2 > fast;
  const where = context.isHome(flow.serverIp) ? flow.serverIp : nameAndAddress(context, flow.clientIp, flow.serverIp);
  context.raise({
    severity: severityOf(direction, ports, open.length, settings),
    confidence: Math.min(0.99, 1 - (0.4 * limit) / ports),
    attacker: clientOf(flow, context),
    victim: serverOf(flow, context),
    direction,
    title:
      direction === "inbound"
        ? `${flow.clientIp} on the internet tries the doors of {device}`
        : `{device} tries the doors of ${where}`,
    why: [
      `${ports} different ${flow.proto} ports of ${flow.serverIp} were tried in vain by ${flow.clientIp} within ${durationText(windowSeconds)} (threshold ${limit}).`,
      ...(isStealth ? ["The packets carry flags that no honest program sends first (FIN, NULL or Xmas scan)."] : []),
      ...(flow.proto === "UDP"
        ? [`${refusals} of the ports were refused by ICMP (threshold ${settings.udpRefusals}).`]
        : []),
      open.length > 0
        ? `${open.length} ports answered: ${open.slice(0, 12).join(", ")}.`
        : "No port answered in the time looked at.",
    ],
    fields: {
      ports,
      threshold: limit,
      window_seconds: windowSeconds,
      style: isStealth ? "stealth" : flow.proto === "UDP" ? "udp" : isSlow ? "vertical-slow" : "vertical",
      open_ports: open.slice(0, 12).join(","),
    },
    flow,
    atUs,
  });
}

/** Scans from the internet are weather as long as nothing answers. */
function severityOf(direction: string, ports: number, open: number, settings: typeof DEFAULTS): Severity {
  if (direction === "inbound") return open > 0 ? "medium" : "low";
  return ports >= settings.highPorts ? "high" : "medium";
}
