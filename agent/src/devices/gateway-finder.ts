import type { FlowRef, SensorEvent } from "../dissect/event.ts";
import { isDeviceMac } from "./addresses.ts";

/** A MAC that sends packets of this many different addresses outside the home carries the packets of others. A host sends its own. */
const ROUTER_ADDRESSES = 3;
const MAX_MACS = 4096;

export interface GatewaySnapshot {
  readonly mac?: string;
  readonly ip?: string;
  readonly routers: readonly string[];
}

/** Finds out which MAC is the way out: the one beside which the internet's addresses stand. */
export class GatewayFinder {
  readonly #outside = new Map<string, Set<string>>();
  readonly #routers = new Set<string>();
  readonly #carried = new Map<string, number>();
  #ip: string | undefined;
  #mac: string | undefined;
  readonly #isGiven: boolean;

  constructor(givenIp: string | undefined) {
    this.#ip = givenIp;
    this.#isGiven = givenIp !== undefined;
  }

  /** Address of the gateway as the user or the DHCP server says it. */
  get ip(): string | undefined {
    return this.#ip;
  }

  get mac(): string | undefined {
    return this.#mac;
  }

  isRouter(mac: string): boolean {
    return this.#routers.has(mac);
  }

  /** Looks at the MACs of a new flow. Returns a MAC that has just turned out to be a router. */
  onFlow(flow: FlowRef, isInside: (ip: string) => boolean): string | undefined {
    return (
      this.#stands(flow.clientIp, flow.clientMac, isInside) ?? this.#stands(flow.serverIp, flow.serverMac, isInside)
    );
  }

  #stands(ip: string, mac: string | undefined, isInside: (ip: string) => boolean): string | undefined {
    if (mac === undefined || !isDeviceMac(mac) || isInside(ip)) return undefined;
    const count = (this.#carried.get(mac) ?? 0) + 1;
    if (this.#carried.size < MAX_MACS || this.#carried.has(mac)) this.#carried.set(mac, count);
    if (this.#mac === undefined || count > (this.#carried.get(this.#mac) ?? 0)) this.#mac = mac;
    if (this.#routers.has(mac)) return undefined;
    const seen = this.#outside.get(mac) ?? new Set<string>();
    if (this.#outside.size < MAX_MACS) this.#outside.set(mac, seen);
    seen.add(ip);
    if (seen.size < ROUTER_ADDRESSES) return undefined;
    this.#routers.add(mac);
    this.#outside.delete(mac);
    return mac;
  }

  /** The router option of an acknowledgement (RFC 2132 §3.5) names the way out, unless the user did. */
  onDhcp(event: SensorEvent<"dhcp">): void {
    const router = event.data.isReply ? event.data.routers?.[0] : undefined;
    if (router !== undefined && !this.#isGiven) this.#ip = router;
  }

  snapshot(): GatewaySnapshot {
    return {
      routers: [...this.#routers],
      ...(this.#mac === undefined ? {} : { mac: this.#mac }),
      ...(this.#ip === undefined ? {} : { ip: this.#ip }),
    };
  }

  restore(snapshot: GatewaySnapshot): void {
    for (const mac of snapshot.routers) this.#routers.add(mac);
    this.#mac ??= snapshot.mac;
    this.#ip ??= snapshot.ip;
  }
}
