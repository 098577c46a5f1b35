import { LruMap } from "../core/lru-map.ts";

/** Answers kept: a busy home asks for some thousand names a day. */
const MAX_ANSWERS = 20_000;

/** Which name a client meant when it went to an address: what the DNS told that client, newest answer first. */
export class DnsCache {
  readonly #names = new LruMap<string, string>(MAX_ANSWERS);

  /** `name` is what was asked (not the end of a CNAME chain: the asked name is the one people know). */
  learn(clientIp: string, address: string, name: string): void {
    if (name === "") return;
    this.#names.set(`${clientIp} ${address}`, name);
    this.#names.set(` ${address}`, name);
  }

  /**
   * The name this client was told for the address; where its own look-up was not seen (DNS over HTTPS, another resolver), what
   * any client was told last.
   */
  nameOf(clientIp: string, address: string): string | undefined {
    return this.#names.get(`${clientIp} ${address}`) ?? this.#names.get(` ${address}`);
  }
}
