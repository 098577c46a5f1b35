import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Device, ServedPort } from "@lanwarden/contract/device";
import { formatIpv6, parseIpv6 } from "../core/ip.ts";
import { isNamed } from "./policy.ts";

/** What carries the home's network: cut it, and everything behind it goes, or nobody can let it in again. */
const CARRIERS: Readonly<Record<string, string>> = {
  router: "it is a router",
  "access-point": "it is an access point, which carries others",
  switch: "it is a switch, which carries others",
};
const DNS_PORT = 53;
const DHCP_PORTS: readonly number[] = [67, 547];
/** A name server that says nothing delays the start no longer than this; its answer counts when it comes. */
const RESOLVE_LIMIT_MS = 2000;
/** Names that change their address are asked again after this. */
const RESOLVE_EVERY_MS = 5 * 60_000;

export interface NeverListOptions {
  /** What the user lists: MAC, address or name. */
  readonly listed: readonly string[];
  /** The way out of the home, as far as it is known; asked each time. */
  gateway(): { readonly ip: string | undefined; readonly mac: string | undefined };
  /** Machines that Lanwarden itself needs, by address or name: { host: "homeassistant.local", what: "Home Assistant runs there" }. */
  readonly hosts: readonly { readonly host: string; readonly what: string }[];
  /**
   * True for a device that is known to serve the home against its will (a rogue DHCP server): that it serves does not protect it then.
   * Absent: none is.
   */
  isRogue?(device: Device): boolean;
  readonly interfaces?: typeof networkInterfaces;
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/**
 * Devices that are never isolated, by anybody. Where what is known of a device fits only in part (an address here, a MAC there), it is protected:
 * a device too many let through is a nuisance, the wrong one cut is a dark home.
 */
export class NeverList {
  readonly #options: NeverListOptions;
  /** Addresses of each host, kept when a later question fails. */
  readonly #addresses = new Map<string, readonly string[]>();
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(options: NeverListOptions) {
    this.#options = options;
    for (const { host } of options.hosts) if (isIP(host) !== 0) this.#addresses.set(host, [canonical(host)]);
  }

  /** Looks up the addresses of hosts that are given by name. Called at the start and then at will: it asks every five minutes at most. */
  async refresh(nowMs: number): Promise<void> {
    if (nowMs - this.#askedMs < RESOLVE_EVERY_MS) return;
    this.#askedMs = nowMs;
    const names = this.#options.hosts.map(({ host }) => host).filter((host) => isIP(host) === 0 && host !== "");
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((done) => {
      timer = setTimeout(done, RESOLVE_LIMIT_MS);
    });
    await Promise.race([Promise.all(names.map((host) => this.#resolve(host))), limit]);
    clearTimeout(timer);
  }

  async #resolve(host: string): Promise<void> {
    const resolve = this.#options.resolve ?? lookupAll;
    try {
      const found = (await resolve(host)).map(canonical);
      // Earlier addresses stay: an answer that was forged or is incomplete must not take protection away.
      const known = this.#addresses.get(host) ?? [];
      this.#addresses.set(host, [...new Set([...found, ...known])].slice(0, 16));
    } catch {
      // The name alone still protects.
    }
  }

  /** Why the device is never isolated, as in "… is never isolated: <reason>"; undefined when it may be. */
  reason(device: Device): string | undefined {
    return (
      this.#gateway(device) ?? this.#own(device) ?? this.#host(device) ?? this.#listed(device) ?? this.#serves(device)
    );
  }

  #gateway(device: Device): string | undefined {
    const { ip, mac } = this.#options.gateway();
    if (mac !== undefined && hasMac(device, mac)) return "it is the way to the internet";
    if (ip !== undefined && hasAddress(device, ip)) return "it has the router's address";
    return undefined;
  }

  #own(device: Device): string | undefined {
    for (const addresses of Object.values((this.#options.interfaces ?? networkInterfaces)())) {
      for (const { mac, address, internal } of addresses ?? []) {
        if (!internal && (hasMac(device, mac) || hasAddress(device, address))) return "Lanwarden itself runs there";
      }
    }
    return undefined;
  }

  #host(device: Device): string | undefined {
    for (const { host, what } of this.#options.hosts) {
      const bare = host.toLowerCase().replace(/\.(local|lan|home|home\.arpa|fritz\.box|internal)\.?$/, "");
      const isThere = this.#addresses.get(host)?.some((address) => hasAddress(device, address)) === true;
      if (isThere || (isIP(host) === 0 && (isNamed(device, host) || device.hostname?.toLowerCase() === bare)))
        return what;
    }
    return undefined;
  }

  #listed(device: Device): string | undefined {
    const isListed = this.#options.listed.some((text) => isNamed(device, text) || hasAddress(device, text.trim()));
    return isListed ? "you listed it under response.never" : undefined;
  }

  #serves(device: Device): string | undefined {
    const carries = CARRIERS[device.type];
    if (carries !== undefined) return carries;
    if (this.#options.isRogue?.(device) === true) return undefined;
    if (device.services.some(isDns)) return "it answers the home's DNS questions";
    if (device.services.some(({ proto, port }) => proto === "UDP" && DHCP_PORTS.includes(port)))
      return "it gives out the home's addresses (DHCP)";
    return undefined;
  }
}

/** Also one that answers the internet: a server that the home relies on may be open to the outside by mistake. */
const isDns = ({ port }: ServedPort): boolean => port === DNS_PORT;

const hasMac = (device: Device, mac: string): boolean =>
  mac !== "00:00:00:00:00:00" && (device.mac === mac.toLowerCase() || device.id === mac.toLowerCase());

function hasAddress(device: Device, address: string): boolean {
  if (isIP(address) === 0) return false;
  const wanted = canonical(address);
  return device.ips.some((ip) => ip === wanted || canonical(ip) === wanted) || device.id === `ip:${wanted}`;
}

/** An address in one spelling: IPv6 shortened as in RFC 5952, without a zone. */
function canonical(address: string): string {
  const bare = address.replace(/%.*$/, "").toLowerCase();
  const words = bare.includes(":") ? parseIpv6(bare) : undefined;
  return words === undefined ? bare : formatIpv6(...words);
}

const lookupAll = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);
