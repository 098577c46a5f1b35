import { badSourceValue } from "../capture/source-keys.ts";
import { AgentError } from "../core/errors.ts";
import { type Network, parseNetwork, textInNetworks } from "../core/ip.ts";

/** Foreign senders that are told of, each once. */
const MAX_TOLD = 8;
const LOOPBACK = ["127.0.0.0/8", "::1"].map(parseNetwork);

/** Who may send records. All others are counted and told once. */
export class AllowList {
  refused = 0;
  readonly #networks: readonly Network[];
  readonly #told = new Set<string>();

  constructor(networks: readonly Network[]) {
    this.#networks = networks;
  }

  /** `where`: the place that was sent to, for the message. */
  allows(address: string, where: string, warn: (message: string) => void): boolean {
    const plain = plainAddress(address);
    if (textInNetworks(this.#networks, plain)) return true;
    this.refused++;
    if (this.#told.size < MAX_TOLD && !this.#told.has(plain)) {
      this.#told.add(plain);
      warn(`${plain} sends to ${where} but is not in "allow" of this source: nothing of it is taken`);
    }
    return false;
  }
}

/** An IPv4 address that an IPv6 socket shows as ::ffff:192.0.2.1 (RFC 4291 §2.5.5.2). */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, "").split("%", 1)[0] ?? "";

/**
 * Reads `allow`. Without it only this machine may send, and where others can reach the socket that is asked for in words: records make
 * incidents, and whoever may send them can make them up.
 */
export function parseAllow(type: string, value: unknown, isOpen: boolean): readonly Network[] {
  if (value === undefined && !isOpen) return LOOPBACK;
  const wanted = "a list of addresses or networks that send records, as in [192.168.1.1]";
  if (!Array.isArray(value) || value.length === 0 || value.length > 64)
    throw badSourceValue(type, "allow", value, wanted);
  return value.map((entry) => {
    try {
      return parseNetwork(String(entry));
    } catch (error) {
      if (error instanceof AgentError) throw badSourceValue(type, "allow", entry, wanted);
      throw error;
    }
  });
}

export const isLoopback = (host: string): boolean => host === "localhost" || textInNetworks(LOOPBACK, host);
