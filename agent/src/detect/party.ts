import type { Party } from "@lanwarden/contract/incident";
import type { FlowRef } from "../dissect/event.ts";
import type { DetectContext } from "./define.ts";
import { peerNetwork } from "./incident-key.ts";

/** The client of a flow as a party. A MAC is given for home hosts only: behind the router it would be the router's. */
export function clientOf(flow: FlowRef, context: DetectContext): Party {
  return party(flow.clientIp, flow.clientMac, context);
}

export function serverOf(flow: FlowRef, context: DetectContext): Party {
  return party(flow.serverIp, flow.serverMac, context);
}

function party(ip: string, mac: string | undefined, context: DetectContext): Party {
  return mac !== undefined && context.isHome(ip) && ip !== context.gatewayIp() ? { ip, mac } : { ip };
}

/** "pool.example.org (203.0.113.9)" when the client asked for a name, else the address. */
export function nameAndAddress(context: DetectContext, clientIp: string, ip: string): string {
  const name = context.nameOf(clientIp, ip);
  return name === undefined ? ip : `${name} (${ip})`;
}

/** Network that a sweep over many hosts went to: the one all lie in, else undefined. */
export function commonNetwork(ips: readonly string[]): string | undefined {
  const first = ips[0];
  if (first === undefined) return undefined;
  const net = peerNetwork(first);
  return ips.every((ip) => peerNetwork(ip) === net) ? net : undefined;
}

/** Seconds as people say them: "40 s", "12 min", "3 h 5 min". */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
