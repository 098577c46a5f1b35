import { LruMap } from "../core/lru-map.ts";
import type { FlowRef } from "./event.ts";
import type { DnsEvent } from "./protocols/dns.ts";

interface Learned {
  readonly hostname: string;
  readonly untilUs: number;
}

/** Addresses of all clients together: a home with fifty devices asks for some thousand in a day. */
const DEFAULT_ENTRIES = 16_384;
/** Programs keep addresses for longer than their answers allow. */
const LEAST_SECONDS = 3600;
const MOST_SECONDS = 86_400;
/** Sockets of calls that are remembered: a home has a few at a time, and ports are not taken again for a while. */
const MOST_CALLS = 512;
const MICROS = 1_000_000;

/** Host names that clients were told for addresses, to name their flows to them that carry no name. Bounded; what was neither told nor asked for longest goes first. */
export class LearnedNames {
  readonly #byPair: LruMap<string, Learned>;
  /** Application of a call by the client's socket, "address port". */
  readonly #calls = new LruMap<string, string>(MOST_CALLS);

  constructor(mostEntries = DEFAULT_ENTRIES) {
    this.#byPair = new LruMap(mostEntries);
  }

  get size(): number {
    return this.#byPair.size;
  }

  /** Takes a DNS message; anything but an answer with addresses is passed over. `toServer` is the direction of its packet. */
  learn(flow: FlowRef, message: DnsEvent, toServer: boolean, atUs: number): void {
    if (!message.isResponse || message.rcode !== 0 || message.name === "") return;
    const client = toServer ? flow.serverIp : flow.clientIp;
    const hostname = message.name.toLowerCase();
    for (const { type, ttl, data } of message.answers) {
      if (type !== "A" && type !== "AAAA") continue;
      const key = `${client} ${data}`;
      const seconds = Math.min(Math.max(ttl, LEAST_SECONDS), MOST_SECONDS);
      this.#byPair.set(key, { hostname, untilUs: atUs + seconds * MICROS });
    }
  }

  /** A call's socket, ours or the other end's: what it carries to one relay it carries to the others and to the peer (RFC 8445 §2.2). */
  learnCall(ip: string, port: number, app: string): void {
    this.#calls.set(`${ip} ${port}`, app);
  }

  callOf(ip: string, port: number): string | undefined {
    return this.#calls.size === 0 ? undefined : this.#calls.get(`${ip} ${port}`);
  }

  /** The name by which `client` knows `address`; undefined when it never asked, or long ago. */
  of(client: string, address: string, atUs: number): string | undefined {
    if (this.#byPair.size === 0) return undefined;
    const learned = this.#byPair.get(`${client} ${address}`);
    return learned !== undefined && learned.untilUs >= atUs ? learned.hostname : undefined;
  }
}
