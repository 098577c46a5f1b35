import { i32, u8, u16, u24, u32 } from "../../core/bytes.ts";
import { formatIpv4, formatMac } from "../../core/ip.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { readDnsName } from "../dns-message.ts";

/** One DHCP (or BOOTP) message. Absent fields were not in the message; "0.0.0.0" header addresses are absent too. */
export interface DhcpEvent {
  /** Header `op`: BOOTREQUEST or BOOTREPLY. */
  readonly isReply: boolean;
  /** Option 53: 1 discover, 2 offer, 3 request, 4 decline, 5 ack, 6 nak, 7 release, 8 inform; 0 = BOOTP. */
  readonly messageType: number;
  readonly transactionId: number;
  /** Hardware address in the header: the client's own, whatever relay sent the frame. */
  readonly clientMac: string;
  /** Seconds since the client began. */
  readonly seconds: number;
  readonly ciaddr?: string;
  readonly yiaddr?: string;
  readonly siaddr?: string;
  readonly giaddr?: string;
  /** Option 12. */
  readonly hostname?: string;
  /** Option 60 ("MSFT 5.0", "android-dhcp-13", "udhcp 1.24.2"). */
  readonly vendorClass?: string;
  /** Option 77. */
  readonly userClass?: string;
  /** Option 61 as hex, type octet first; at most 64 octets. */
  readonly clientId?: string;
  /** Option 55: numbers in the order asked. */
  readonly parameterList?: readonly number[];
  /** Option 50. */
  readonly requestedIp?: string;
  /** Option 54. */
  readonly serverId?: string;
  /** Option 1. */
  readonly subnetMask?: string;
  /** Option 3, at most 8. */
  readonly routers?: readonly string[];
  /** Option 6, at most 8. */
  readonly dnsServers?: readonly string[];
  /** Option 15. */
  readonly domain?: string;
  /** Option 51, seconds; 0xffffffff = for ever. */
  readonly leaseSeconds?: number;
  /** Option 81 (RFC 4702). */
  readonly fqdn?: string;
  /** Option 252: where the browser finds its proxy script. */
  readonly proxyUrl?: string;
  /** Codes of all options in the order met, at most 64. */
  readonly options: readonly number[];
}

export interface DhcpState {
  violations: number;
}

/** Fixed header up to the magic cookie (RFC 2131 §2). */
const HEADER_OCTETS = 236;
const COOKIE = 0x63825363;
const MAX_OPTIONS = 64;
/** An option's octets when it comes in pieces (RFC 3396). */
const MAX_OPTION_OCTETS = 1024;
const MAX_ADDRESSES = 8;

const PAD = 0;
const END = 255;

export const dhcp = defineDissector<DhcpEvent, DhcpState>()({
  name: "dhcp",
  label: "DHCP",
  category: "Network",
  transport: ["udp"],
  ports: [67, 68],
  firstOctets: [],
  anomalies: ["malformed-options"],
  everyPacket: true,
  source: "RFC 2131 §2, RFC 2132, RFC 3396, RFC 3004, RFC 4702",
  probe: (slice) => (isBootp(slice.buf, slice.off, slice.end) ? PROBE_YES : PROBE_NO),
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    if (!isBootp(buf, off, end)) {
      out.anomaly("malformed-options");
      return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    const options = readOptions(buf, off, end);
    if (!options.isWhole) out.anomaly("malformed-options");
    const event = makeEvent(buf, off, options);
    if (event.hostname !== undefined) out.label({ hostname: event.hostname });
    out.event(event);
    return PARSE_MORE;
  },
  eve: (event) => ({ event_type: "dhcp", dhcp: eveDhcp(event) }),
});

function isBootp(buf: Uint8Array, off: number, end: number): boolean {
  if (end - off < HEADER_OCTETS + 4) return false;
  const operation = u8(buf, off);
  return (operation === 1 || operation === 2) && u8(buf, off + 2) <= 16 && u32(buf, off + HEADER_OCTETS) === COOKIE;
}

interface Options {
  readonly codes: number[];
  /** Octets by code; pieces of one option are joined. */
  readonly values: Map<number, Uint8Array>;
  isWhole: boolean;
}

/** Reads the options field, then `file` and `sname` when option 52 says that they hold options too (RFC 2132 §9.3, RFC 3396 §5). */
function readOptions(buf: Uint8Array, off: number, end: number): Options {
  const options: Options = { codes: [], values: new Map(), isWhole: true };
  readOptionField(buf, off + HEADER_OCTETS + 4, end, options);
  const overload = options.values.get(52)?.[0] ?? 0;
  if ((overload & 1) !== 0) readOptionField(buf, off + 108, off + 236, options);
  if ((overload & 2) !== 0) readOptionField(buf, off + 44, off + 108, options);
  return options;
}

function readOptionField(buf: Uint8Array, off: number, end: number, options: Options): void {
  for (let at = off; at < end; ) {
    const code = u8(buf, at);
    if (code === END) return;
    if (code === PAD) {
      at++;
      continue;
    }
    const next = at + 2 <= end ? at + 2 + u8(buf, at + 1) : end + 1;
    if (next > end) {
      options.isWhole = false;
      return;
    }
    const earlier = options.values.get(code);
    if (earlier === undefined) {
      if (options.codes.length >= MAX_OPTIONS) return;
      options.codes.push(code);
      options.values.set(code, buf.slice(at + 2, next));
    } else if (earlier.length + next - at <= MAX_OPTION_OCTETS) {
      const joined = new Uint8Array(earlier.length + next - at - 2);
      joined.set(earlier);
      joined.set(buf.subarray(at + 2, next), earlier.length);
      options.values.set(code, joined);
    }
    at = next;
  }
}

function makeEvent(buf: Uint8Array, off: number, { codes, values }: Options): DhcpEvent {
  const text = (code: number): string | undefined => {
    const value = values.get(code);
    return value === undefined ? undefined : sanitizeOctets(value, 0, value.length).trim() || undefined;
  };
  const addresses = (code: number): string[] | undefined => {
    const value = values.get(code);
    if (value === undefined || value.length < 4) return undefined;
    const list: string[] = [];
    for (let i = 0; i + 4 <= value.length && list.length < MAX_ADDRESSES; i += 4) list.push(formatIpv4(i32(value, i)));
    return list;
  };
  const address = (code: number): string | undefined => addresses(code)?.[0];
  const lease = values.get(51);
  const clientId = values.get(61);
  const parameters = values.get(55);
  return withoutAbsent({
    isReply: u8(buf, off) === 2,
    messageType: values.get(53)?.[0] ?? 0,
    transactionId: u32(buf, off + 4),
    clientMac: formatMac(u24(buf, off + 28), u24(buf, off + 31)),
    seconds: u16(buf, off + 8),
    ciaddr: headerAddress(buf, off + 12),
    yiaddr: headerAddress(buf, off + 16),
    siaddr: headerAddress(buf, off + 20),
    giaddr: headerAddress(buf, off + 24),
    hostname: text(12),
    vendorClass: text(60),
    userClass: readUserClass(values.get(77)),
    clientId: clientId && hex(clientId),
    parameterList: parameters && [...parameters],
    requestedIp: address(50),
    serverId: address(54),
    subnetMask: address(1),
    routers: addresses(3),
    dnsServers: addresses(6),
    domain: text(15),
    leaseSeconds: lease?.length === 4 ? u32(lease, 0) : undefined,
    fqdn: readFqdn(values.get(81)),
    proxyUrl: text(252),
    options: codes,
  });
}

function withoutAbsent<T extends object>(event: { [K in keyof T]: T[K] | undefined }): T {
  for (const key of Object.keys(event) as (keyof T)[]) if (event[key] === undefined) delete event[key];
  return event as T;
}

function headerAddress(buf: Uint8Array, off: number): string | undefined {
  const word = i32(buf, off);
  return word === 0 ? undefined : formatIpv4(word);
}

const hex = (value: Uint8Array): string => Buffer.from(value.subarray(0, 64)).toString("hex");

/** RFC 3004 §4 has counted strings; Windows and many boot loaders send plain text instead. */
function readUserClass(value: Uint8Array | undefined): string | undefined {
  if (value === undefined || value.length === 0) return undefined;
  const isCounted = u8(value, 0) > 0 && u8(value, 0) < value.length && u8(value, 0) < 0x20;
  return sanitizeOctets(value, isCounted ? 1 : 0, isCounted ? 1 + u8(value, 0) : value.length) || undefined;
}

/** RFC 4702 §2: flags, two unused octets, then a DNS name when flag E is set, plain text when not. */
function readFqdn(value: Uint8Array | undefined): string | undefined {
  if (value === undefined || value.length < 4) return undefined;
  if ((u8(value, 0) & 4) === 0) return sanitizeOctets(value, 3, value.length) || undefined;
  const name = new Uint8Array(value.length + 1);
  // A name without its final zero is a partial name (§2.3.1): the zero added here ends it.
  name.set(value);
  return readDnsName(name, 3, 3, name.length) || undefined;
}

const MESSAGE_TYPES: readonly string[] = [
  "",
  "discover",
  "offer",
  "request",
  "decline",
  "ack",
  "nak",
  "release",
  "inform",
  "forcerenew",
  "leasequery",
  "leaseunassigned",
  "leaseunknown",
  "leaseactive",
];

/** Field names and order of Suricata 7's `dhcp` section, extended form. */
function eveDhcp(event: DhcpEvent): Record<string, unknown> {
  return {
    type: event.isReply ? "reply" : "request",
    id: event.transactionId,
    client_mac: event.clientMac,
    assigned_ip: event.yiaddr ?? "0.0.0.0",
    ...(event.ciaddr !== undefined && { client_ip: event.ciaddr }),
    ...(event.isReply && {
      relay_ip: event.giaddr ?? "0.0.0.0",
      next_server_ip: event.siaddr ?? "0.0.0.0",
    }),
    ...(event.messageType > 0 && { dhcp_type: MESSAGE_TYPES[event.messageType] ?? "unknown" }),
    ...(event.clientId !== undefined && { client_id: event.clientId.slice(2).match(/../g)?.join(":") ?? "" }),
    ...(event.hostname !== undefined && { hostname: event.hostname }),
    ...(event.requestedIp !== undefined && { requested_ip: event.requestedIp }),
    ...(event.parameterList !== undefined && { params: event.parameterList.map(paramName) }),
    ...(event.vendorClass !== undefined && { vendor_class_identifier: event.vendorClass }),
    ...(event.leaseSeconds !== undefined && { lease_time: event.leaseSeconds }),
    ...(event.subnetMask !== undefined && { subnet_mask: event.subnetMask }),
    ...(event.routers !== undefined && { routers: event.routers }),
    ...(event.dnsServers !== undefined && { dns_servers: event.dnsServers }),
  };
}

const PARAMS: Readonly<Record<number, string>> = {
  1: "subnet_mask",
  3: "router",
  6: "dns_server",
  12: "hostname",
  15: "domain",
  35: "arp_timeout",
  42: "ntp_server",
  66: "tftp_server_name",
  67: "bootfile_name",
  150: "tftp_server_address",
};

const paramName = (code: number): string => PARAMS[code] ?? `unknown (${code})`;
