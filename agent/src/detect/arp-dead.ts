import { LruMap } from "../core/lru-map.ts";
import type { ArpEvent } from "../dissect/protocols/arp.ts";
import { DistinctCount } from "./window.ts";

const MAX_ALIVE = 4096;

/**
 * Counts, per asking MAC, the addresses it asked for by ARP where nobody is. On one link this is what any scan of addresses looks like,
 * whatever its protocol: the kernel must ask for each absent host. Hosts that ever spoke do not count, so that a hub which polls
 * a hundred living devices is no sweeper.
 */
export class ArpDead {
  readonly #asked: DistinctCount<string>;
  readonly #alive = new LruMap<string, true>(MAX_ALIVE);

  constructor(windowSeconds: number) {
    this.#asked = new DistinctCount(windowSeconds, 512, 1024);
  }

  /** Returns how many absent hosts the sender has asked for within the window; 0 if this packet asks for none. */
  follow(event: ArpEvent, atUs: number): number {
    if (!event.isProbe) this.#alive.set(event.senderIp, true);
    // An answer shows that its sender is there, so the question was no miss.
    if (event.operation === 2) this.#asked.remove(event.targetMac, event.senderIp);
    if (event.operation !== 1 || event.isGratuitous || event.isProbe) return 0;
    if (this.#alive.has(event.targetIp)) return 0;
    return this.#asked.add(event.senderMac, event.targetIp, atUs);
  }

  count(mac: string, atUs: number): number {
    return this.#asked.count(mac, atUs);
  }

  targets(mac: string): string[] {
    return this.#asked.values(mac);
  }

  /** Marks a host as there by other means than ARP. */
  sawAlive(ip: string): void {
    this.#alive.set(ip, true);
  }
}
