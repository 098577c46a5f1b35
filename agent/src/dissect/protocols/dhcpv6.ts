import { u8, u16, u24, u32 } from "../../core/bytes.ts";
import { formatMac } from "../../core/ip.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { readDnsName } from "../dns-message.ts";
import { readIpv6 } from "../icmp-messages.ts";

/** One DHCPv6 message; for a relayed one, the innermost. Absent fields were not in the message. */
export interface Dhcpv6Event {
  /** 1 solicit, 2 advertise, 3 request, 4 confirm, 5 renew, 6 rebind, 7 reply, 8 release, 9 decline, 11 information-request … */
  readonly messageType: number;
  readonly transactionId: number;
  /** Relays on the way, at most 8. */
  readonly relays: number;
  /** DUID as hex, at most 64 octets. */
  readonly clientDuid?: string;
  readonly serverDuid?: string;
  /** MAC inside a client DUID made from a link-layer address (DUID-LLT, DUID-LL). */
  readonly clientMac?: string;
  /** RFC 4704. */
  readonly fqdn?: string;
  /** Private enterprise number of the vendor class (311 = Microsoft). */
  readonly vendorEnterprise?: number;
  readonly vendorClass?: string;
  /** Options asked for, in order. */
  readonly requestedOptions?: readonly number[];
  /** Addresses given or asked for (IA_NA, IA_TA), at most 16. */
  readonly addresses: readonly string[];
  /** Prefixes delegated (IA_PD), at most 8. */
  readonly prefixes: readonly string[];
  /** Name servers told, at most 8. */
  readonly nameServers: readonly string[];
}

export interface Dhcpv6State {
  violations: number;
}

const MAX_RELAYS = 8;
const MAX_ADDRESSES = 16;
const MAX_PREFIXES = 8;
const MAX_OPTIONS = 64;

export const dhcpv6 = defineDissector<Dhcpv6Event, Dhcpv6State>()({
  name: "dhcpv6",
  label: "DHCPV6",
  category: "Network",
  transport: ["udp"],
  ports: [546, 547],
  firstOctets: [],
  anomalies: ["malformed-options"],
  everyPacket: true,
  source: "RFC 8415 §8, §9, §21, RFC 4704",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return PROBE_NO;
    const type = u8(buf, off);
    if (type < 1 || type > 36) return PROBE_NO;
    const options = isRelay(type) ? 34 : 4;
    // The first option must fit: no header field says more.
    return off + options + 4 <= end && off + options + 4 + u16(buf, off + options + 2) <= end ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const draft: Draft = { messageType: 0, transactionId: 0, relays: 0, addresses: [], prefixes: [], nameServers: [] };
    if (!readMessage(buf, off, end, draft)) {
      out.anomaly("malformed-options");
      if (draft.messageType === 0) return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    if (draft.fqdn !== undefined) out.label({ hostname: draft.fqdn.toLowerCase() });
    out.event(draft);
    return PARSE_MORE;
  },
});

type Draft = { -readonly [K in keyof Dhcpv6Event]: Dhcpv6Event[K] } & {
  addresses: string[];
  prefixes: string[];
  nameServers: string[];
};

/** RELAY-FORW and RELAY-REPL hold the message in option 9 (RFC 8415 §9). */
const isRelay = (type: number): boolean => type === 12 || type === 13;

function readMessage(buf: Uint8Array, off: number, end: number, draft: Draft): boolean {
  let at = off;
  let limit = end;
  while (limit - at >= 34 && isRelay(u8(buf, at))) {
    if (++draft.relays > MAX_RELAYS) return false;
    const inner = findOption(buf, at + 34, limit, 9);
    if (inner < 0) return false;
    limit = inner + 4 + u16(buf, inner + 2);
    at = inner + 4;
  }
  if (limit - at < 4 || isRelay(u8(buf, at))) return false;
  draft.messageType = u8(buf, at);
  draft.transactionId = u24(buf, at + 1);
  return readOptions(buf, at + 4, limit, draft, 0);
}

function findOption(buf: Uint8Array, off: number, end: number, code: number): number {
  let at = off;
  for (let i = 0; i < MAX_OPTIONS && at + 4 <= end; i++) {
    const next = at + 4 + u16(buf, at + 2);
    if (next > end) return -1;
    if (u16(buf, at) === code) return at;
    at = next;
  }
  return -1;
}

/** `depth` 1 is inside an identity association: deeper nesting has nothing for us. */
function readOptions(buf: Uint8Array, off: number, end: number, draft: Draft, depth: number): boolean {
  let at = off;
  for (let i = 0; i < MAX_OPTIONS && at < end; i++) {
    if (at + 4 > end) return false;
    const value = at + 4;
    const next = value + u16(buf, at + 2);
    if (next > end) return false;
    if (!readOption(buf, u16(buf, at), value, next, draft, depth)) return false;
    at = next;
  }
  return true;
}

function readOption(buf: Uint8Array, code: number, off: number, end: number, draft: Draft, depth: number): boolean {
  const length = end - off;
  if (depth === 0 && (code === 3 || code === 25)) return length < 12 || readOptions(buf, off + 12, end, draft, 1);
  if (depth === 0 && code === 4) return length < 4 || readOptions(buf, off + 4, end, draft, 1);
  if (code === 5 && length >= 24 && draft.addresses.length < MAX_ADDRESSES) draft.addresses.push(readIpv6(buf, off));
  else if (code === 26 && length >= 25 && draft.prefixes.length < MAX_PREFIXES) {
    draft.prefixes.push(`${readIpv6(buf, off + 9)}/${u8(buf, off + 8)}`);
  } else if (depth === 0) readTopOption(buf, code, off, end, draft);
  return true;
}

function readTopOption(buf: Uint8Array, code: number, off: number, end: number, draft: Draft): void {
  const length = end - off;
  if (code === 1) {
    draft.clientDuid = hex(buf, off, end);
    const mac = duidMac(buf, off, end);
    if (mac !== undefined) draft.clientMac = mac;
  } else if (code === 2) draft.serverDuid = hex(buf, off, end);
  else if (code === 6) {
    const codes: number[] = [];
    for (let at = off; at + 2 <= end && codes.length < MAX_OPTIONS; at += 2) codes.push(u16(buf, at));
    draft.requestedOptions = codes;
  } else if (code === 16 && length >= 4) {
    draft.vendorEnterprise = u32(buf, off);
    if (length > 6) draft.vendorClass = sanitizeOctets(buf, off + 6, Math.min(end, off + 6 + u16(buf, off + 4)));
  } else if (code === 23) {
    for (let at = off; at + 16 <= end && draft.nameServers.length < 8; at += 16)
      draft.nameServers.push(readIpv6(buf, at));
  } else if (code === 39 && length > 1) {
    const fqdn = readPartialName(buf, off + 1, end);
    if (fqdn !== undefined) draft.fqdn = fqdn;
  }
}

/** RFC 4704 §4.2: a host that knows no domain leaves the final zero out; the one added here ends the name. */
function readPartialName(buf: Uint8Array, off: number, end: number): string | undefined {
  const name = new Uint8Array(end - off + 1);
  name.set(buf.subarray(off, end));
  return readDnsName(name, 0, 0, name.length) || undefined;
}

const hex = (buf: Uint8Array, off: number, end: number): string =>
  Buffer.from(buf.subarray(off, Math.min(end, off + 64))).toString("hex");

/** DUID-LLT: type 1, hardware, time, address. DUID-LL: type 3, hardware, address (RFC 8415 §11.2, §11.4). Ethernet only. */
function duidMac(buf: Uint8Array, off: number, end: number): string | undefined {
  if (end - off < 10 || u16(buf, off + 2) !== 1) return undefined;
  const type = u16(buf, off);
  if (type === 1 && end - off === 14) return formatMac(u24(buf, off + 8), u24(buf, off + 11));
  return type === 3 && end - off === 10 ? formatMac(u24(buf, off + 4), u24(buf, off + 7)) : undefined;
}
