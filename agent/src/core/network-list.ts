import { type Network, textInNetworks } from "./ip.ts";
import { LruMap } from "./lru-map.ts";

/** Texts of IPv6 cost some microseconds to read; of IPv4 less than a look into a table does. */
const KEPT = 4096;

/**
 * Whether addresses, as text, lie in one of some networks. Many ask in turn about the two ends of the same flow: the last two addresses asked
 * about are answered by a comparison.
 */
export class NetworkList {
  readonly #networks: readonly Network[];
  readonly #known = new LruMap<string, boolean>(KEPT);
  #last = "";
  #isLastIn = false;
  #lastButOne = "";
  #isLastButOneIn = false;

  constructor(networks: readonly Network[]) {
    this.#networks = networks;
  }

  /** False for what is no address. */
  has(ip: string): boolean {
    if (ip === this.#last) return this.#isLastIn;
    if (ip === this.#lastButOne) return this.#isLastButOneIn;
    this.#lastButOne = this.#last;
    this.#isLastButOneIn = this.#isLastIn;
    this.#last = ip;
    this.#isLastIn = ip.includes(":")
      ? this.#known.ensure(ip, () => textInNetworks(this.#networks, ip))
      : textInNetworks(this.#networks, ip);
    return this.#isLastIn;
  }
}
