import { PRIVATE_NETWORKS, textInNetworks } from "../src/core/ip.ts";
import type { Fingerprint, Observation } from "../src/devices/define.ts";
import type { FlowRef, SensorEvent, SensorEventMap } from "../src/dissect/event.ts";

/** A multicast packet of 192.168.1.20 (3c:06:30:aa:bb:cc). */
export const lanFlow: FlowRef = {
  id: 1,
  proto: "UDP",
  clientIp: "192.168.1.20",
  serverIp: "224.0.0.251",
  clientPort: 5353,
  serverPort: 5353,
  clientMac: "3c:06:30:aa:bb:cc",
  serverMac: "01:00:5e:00:00:fb",
  vlan: [],
  startUs: 0,
};

/** What a fingerprint observes in one event. */
export function observed<N extends keyof SensorEventMap>(
  fingerprint: Fingerprint,
  name: N,
  data: SensorEventMap[N],
  options: { readonly flow?: Partial<FlowRef>; readonly toServer?: boolean } = {},
): Observation[] {
  const seen: Observation[] = [];
  const event = {
    name,
    data,
    flow: { ...lanFlow, ...options.flow },
    toServer: options.toServer ?? true,
    atUs: 0,
    packet: 1,
  } as unknown as SensorEvent<N>;
  fingerprint.on[name]?.(event, {
    isHome: (ip) => textInNetworks(PRIVATE_NETWORKS, ip),
    observe: (observation) => void seen.push(observation),
  });
  return seen;
}
