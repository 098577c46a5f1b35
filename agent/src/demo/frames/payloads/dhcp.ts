import { ipOctets, macOctets } from "../address.ts";
import { be16, be24, be32, counted, type Data, join, zeros } from "../octets.ts";

/** Message types of option 53 (RFC 2132 §9.6). */
export const DHCP_MESSAGES = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

export interface DhcpSpec {
  readonly message: keyof typeof DHCP_MESSAGES;
  readonly xid: number;
  readonly mac: string;
  /** Address that the client has already. */
  readonly clientIp?: string;
  /** Address that the server gives ("yiaddr"). */
  readonly yourIp?: string;
  /** Option 54. */
  readonly serverIp?: string;
  /** Option 50. */
  readonly requestedIp?: string;
  /** Option 12. */
  readonly hostname?: string;
  /** Option 60. */
  readonly vendorClass?: string;
  /** Option 61; default hardware type 1 and the MAC, in client messages. */
  readonly clientId?: Uint8Array;
  /** Option 55. */
  readonly parameters?: readonly number[];
  /** Option 51, in server messages default 864000. */
  readonly leaseSeconds?: number;
  readonly router?: string;
  readonly dns?: readonly string[];
  readonly domain?: string;
  /** Any other option, by number. */
  readonly extra?: readonly { readonly code: number; readonly data: Data }[];
}

/** A DHCP message (RFC 2131 §2) with its options (RFC 2132). */
export function dhcpMessage(spec: DhcpSpec): Uint8Array {
  const fromServer = spec.message === "offer" || spec.message === "ack" || spec.message === "nak";
  const option = (code: number, data: Data): Uint8Array => join(code, counted(1, data));
  const options: Uint8Array[] = [option(53, Uint8Array.of(DHCP_MESSAGES[spec.message]))];
  const clientId = spec.clientId ?? (fromServer ? undefined : join(1, macOctets(spec.mac)));
  if (clientId) options.push(option(61, clientId));
  if (spec.requestedIp) options.push(option(50, ipOctets(spec.requestedIp)));
  if (spec.serverIp) options.push(option(54, ipOctets(spec.serverIp)));
  if (fromServer && spec.message !== "nak") {
    options.push(option(51, be32(spec.leaseSeconds ?? 864_000)), option(1, ipOctets("255.255.255.0")));
  }
  if (spec.router) options.push(option(3, ipOctets(spec.router)));
  if (spec.dns?.length) options.push(option(6, join(...spec.dns.map(ipOctets))));
  if (spec.domain) options.push(option(15, spec.domain));
  if (spec.hostname) options.push(option(12, spec.hostname));
  if (spec.vendorClass) options.push(option(60, spec.vendorClass));
  if (spec.parameters?.length) options.push(option(55, Uint8Array.from(spec.parameters)));
  for (const { code, data } of spec.extra ?? []) options.push(option(code, data));
  const message = join(
    fromServer ? 2 : 1,
    join(1, 6, 0),
    be32(spec.xid),
    be16(0),
    be16(0),
    ipOctets(spec.clientIp ?? "0.0.0.0"),
    ipOctets(spec.yourIp ?? "0.0.0.0"),
    ipOctets("0.0.0.0"),
    ipOctets("0.0.0.0"),
    macOctets(spec.mac),
    zeros(10 + 64 + 128),
    be32(0x6382_5363),
    ...options,
    255,
  );
  return message.length < 300 ? join(message, zeros(300 - message.length)) : message; // BOOTP minimum (RFC 1542 §2.1)
}

/** Message types of DHCPv6 (RFC 8415 §7.3). */
export const DHCPV6_MESSAGES = {
  solicit: 1,
  advertise: 2,
  request: 3,
  confirm: 4,
  renew: 5,
  reply: 7,
  release: 8,
  information: 11,
} as const;

export interface Dhcpv6Spec {
  readonly message: keyof typeof DHCPV6_MESSAGES;
  readonly xid: number;
  /** The client's DUID is made from it (DUID-LL, RFC 8415 §11.4). */
  readonly mac: string;
  readonly serverMac?: string;
  /** Address in an IA_NA, given or asked. */
  readonly address?: string;
  /** Option 39 (RFC 4704). */
  readonly fqdn?: string;
  /** Option 16: enterprise number and data. */
  readonly vendorClass?: { readonly enterprise: number; readonly data: string };
  readonly requested?: readonly number[];
  readonly dns?: readonly string[];
}

/** A DHCPv6 message between client and server (RFC 8415 §8). */
export function dhcpv6Message(spec: Dhcpv6Spec): Uint8Array {
  const option = (code: number, ...data: readonly (Data | number)[]): Uint8Array =>
    join(be16(code), counted(2, ...data));
  const duid = (mac: string): Uint8Array => join(be16(3), be16(1), macOctets(mac));
  const options: Uint8Array[] = [option(1, duid(spec.mac))];
  if (spec.serverMac) options.push(option(2, duid(spec.serverMac)));
  const address = spec.address ? option(5, ipOctets(spec.address), be32(3600), be32(7200)) : "";
  if (spec.message !== "information") options.push(option(3, be32(1), be32(1800), be32(2880), address));
  if (spec.fqdn) {
    const labels = spec.fqdn.split(".").map((label) => counted(1, label));
    options.push(option(39, 1, ...labels));
  }
  if (spec.vendorClass) options.push(option(16, be32(spec.vendorClass.enterprise), counted(2, spec.vendorClass.data)));
  if (spec.requested?.length) options.push(option(6, ...spec.requested.map(be16)));
  if (spec.dns?.length) options.push(option(23, ...spec.dns.map(ipOctets)));
  options.push(option(8, be16(0)));
  return join(DHCPV6_MESSAGES[spec.message], be24(spec.xid), ...options);
}
