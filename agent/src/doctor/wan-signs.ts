import type { TapObservation } from "./observation.ts";

/** Packets that the one address sent, before their time to live is judged. */
const LEAST_SENT = 20;
/** Packets, and pairs of addresses: everything but a router's own chatter with the provider's (ARP, DHCP, updates). */
const NEARLY_ALL = 0.95;
/** What devices send has passed the router; its own packets (time, names) have not. Half leaves room for a router that asks names for all. */
const ROUTED = 0.5;

/**
 * True if one address stands for machines behind it: it takes part in nearly all packets and speaks with several others, and most of what it sends
 * has lost one from the usual first time to live, which only a router takes (RFC 1812 §5.3.1); or all is carried by PPPoE (RFC 2516).
 */
export function isBehindRouter(seen: TapObservation): boolean {
  const { busiest } = seen;
  if (!busiest || busiest.share < NEARLY_ALL || busiest.peers < 2 || busiest.sent < LEAST_SENT) return false;
  if (busiest.peers < (busiest.peers + busiest.otherPairs) * NEARLY_ALL) return false;
  return busiest.sentRouted >= busiest.sent * ROUTED || seen.pppoe >= seen.unicast * ROUTED;
}
