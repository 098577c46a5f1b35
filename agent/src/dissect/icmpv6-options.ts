import { u8, u24, u32 } from "../core/bytes.ts";
import { formatMac } from "../core/ip.ts";
import { DnsName, expandDnsName, skipDnsName } from "./dns-names.ts";
import { readIpv6 } from "./icmp-messages.ts";

/** A prefix that a router announces (RFC 4861 §4.6.2). */
export interface AnnouncedPrefix {
  /** "2001:db8:1::/64". */
  readonly prefix: string;
  readonly isOnLink: boolean;
  /** Hosts make addresses from it themselves. */
  readonly isAutonomous: boolean;
  /** Seconds; 0xffffffff = for ever. */
  readonly validSeconds: number;
  readonly preferredSeconds: number;
}

/** Options of a neighbour discovery message, at most 8 of each kind. */
export interface NeighborOptions {
  /** Source (RS, RA, NS) or target (NA, redirect) link-layer address. */
  linkLayer: string;
  readonly prefixes: AnnouncedPrefix[];
  /** Name servers (RFC 8106 §5.1). */
  readonly nameServers: string[];
  /** Search list (RFC 8106 §5.2). */
  readonly searchDomains: string[];
  /** False when an option is cut or has the length 0, which ends the reading (RFC 4861 §4.6). */
  isWhole: boolean;
}

const MAX_OF_A_KIND = 8;
const MAX_OPTIONS = 64;

const name = new DnsName();

export function readNeighborOptions(buf: Uint8Array, off: number, end: number): NeighborOptions {
  const options: NeighborOptions = { linkLayer: "", prefixes: [], nameServers: [], searchDomains: [], isWhole: true };
  let at = off;
  for (let i = 0; i < MAX_OPTIONS && at < end; i++) {
    const next = at + 2 <= end ? at + u8(buf, at + 1) * 8 : at;
    if (next === at || next > end) {
      options.isWhole = false;
      return options;
    }
    readOption(buf, at, next, options);
    at = next;
  }
  return options;
}

function readOption(buf: Uint8Array, at: number, next: number, options: NeighborOptions): void {
  const length = next - at;
  switch (u8(buf, at)) {
    case 1:
    case 2:
      options.linkLayer = formatMac(u24(buf, at + 2), u24(buf, at + 5));
      return;
    case 3:
      if (length === 32 && options.prefixes.length < MAX_OF_A_KIND) {
        options.prefixes.push({
          prefix: `${readIpv6(buf, at + 16)}/${u8(buf, at + 2)}`,
          isOnLink: (u8(buf, at + 3) & 0x80) !== 0,
          isAutonomous: (u8(buf, at + 3) & 0x40) !== 0,
          validSeconds: u32(buf, at + 4),
          preferredSeconds: u32(buf, at + 8),
        });
      }
      return;
    case 25:
      for (let i = at + 8; i + 16 <= next && options.nameServers.length < MAX_OF_A_KIND; i += 16) {
        options.nameServers.push(readIpv6(buf, i));
      }
      return;
    case 31:
      readSearchList(buf, at + 8, next, options.searchDomains);
      return;
    default:
  }
}

function readSearchList(buf: Uint8Array, off: number, end: number, domains: string[]): void {
  for (let at = off; at >= 0 && at < end && domains.length < MAX_OF_A_KIND; at = skipDnsName(buf, at, end)) {
    if (!expandDnsName(buf, at, at, end, name) || name.length === 0) return;
    domains.push(name.text());
  }
}
