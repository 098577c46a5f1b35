import { isIP } from "node:net";
import { AgentError } from "../core/errors.ts";
import { type Network, parseNetwork, textInNetworks } from "../core/ip.ts";
import { badSourceValue } from "./source-keys.ts";

type Given = Readonly<Record<string, unknown>>;

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const MAX_PEERS = 64;
/** RFC 1123 §2.1 names and addresses; no dash in front, which would read as an option. */
const HOST_NAME = /^(?!-)[A-Za-z0-9._-]{1,253}$/;

export const isHost = (text: string): boolean => isIP(text) !== 0 || HOST_NAME.test(text);

export const formatHostPort = ({ host, port }: HostPort): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;

/** "192.168.1.2:37008", "[fd00::2]:37008"; undefined when it is neither. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? "";
  const port = Number(match?.[3]);
  return match && isHost(host) && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** A key that holds HOST:PORT, or what stands for it when the key is absent. */
export function sourceHostPort(config: Given, type: string, key: string, otherwise: string | undefined): HostPort {
  const value = config[key] ?? otherwise;
  const parsed = typeof value === "string" ? parseHostPort(value) : undefined;
  if (parsed) return parsed;
  throw badSourceValue(type, key, value, `an address and a port, as in ${otherwise ?? "192.168.1.1:57012"}`);
}

/** Where a source listens. A name would have to be asked for first, and may mean several addresses: an address it is. */
export function sourceListen(config: Given, type: string, otherwise: string): HostPort {
  const listen = sourceHostPort(config, type, "listen", otherwise);
  if (isIP(listen.host) !== 0) return listen;
  throw badSourceValue(
    type,
    "listen",
    config.listen,
    `an address of this machine and a port, as in 0.0.0.0:${listen.port}`,
  );
}

const PEERS = "a list of the addresses or networks that may send, as in [192.168.1.1]";

/** Who may send: required as soon as others than this machine can reach the source. */
export function sourceAllow(config: Given, type: string, listen: HostPort): readonly Network[] {
  if (config.allow !== undefined) return sourcePeers(config, type);
  if (isLoopback(listen.host)) return LOOPBACK;
  const reason = `since ${formatHostPort(listen)} can be reached by others`;
  throw badSourceValue(type, "allow", undefined, `${PEERS}, ${reason}`);
}

/** Key `allow`, which must be there. */
export function sourcePeers({ allow }: Given, type: string): readonly Network[] {
  if (!Array.isArray(allow) || allow.length === 0 || allow.length > MAX_PEERS) {
    throw badSourceValue(type, "allow", allow, PEERS);
  }
  return allow.map((peer: unknown) => {
    try {
      return parseNetwork(String(peer));
    } catch (error) {
      if (error instanceof AgentError) throw badSourceValue(type, "allow", peer, PEERS);
      throw error;
    }
  });
}

const LOOPBACK: readonly Network[] = ["127.0.0.0/8", "::1/128"].map(parseNetwork);

const isLoopback = (host: string): boolean => textInNetworks(LOOPBACK, host);

/** An IPv4 peer of an IPv6 socket is told as ::ffff:192.168.1.1; its zone says nothing here. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");

/** Strangers told by name; of further ones only the count is kept. */
const MAX_STRANGERS = 8;

/** Knows who may send, and says once of each stranger that it is turned away. */
export class PeerList {
  readonly #allow: readonly Network[];
  readonly #warn: (message: string) => void;
  readonly #strangers = new Set<string>();
  #lastGood = "";

  constructor(allow: readonly Network[], warn: (message: string) => void) {
    this.#allow = allow;
    this.#warn = warn;
  }

  /** Cheap for the sender of the packet before, which is nearly always the same. */
  has(address: string): boolean {
    if (address === this.#lastGood) return true;
    if (textInNetworks(this.#allow, plainAddress(address))) {
      this.#lastGood = address;
      return true;
    }
    this.#refuse(plainAddress(address));
    return false;
  }

  #refuse(address: string): void {
    if (this.#strangers.size >= MAX_STRANGERS || this.#strangers.has(address)) return;
    this.#strangers.add(address);
    this.#warn(`${address} is turned away: it is not in allow; add it there if it is your router`);
  }
}
