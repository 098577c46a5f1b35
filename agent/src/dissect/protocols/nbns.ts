import { i32, u8, u16, u24 } from "../../core/bytes.ts";
import { formatIpv4, formatMac } from "../../core/ip.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { DNS_HEADER_OCTETS } from "../dns-message.ts";
import { skipDnsName } from "../dns-names.ts";
import { type NbnsName, readNetbiosName } from "../netbios-name.ts";

/** One NetBIOS name service message. */
export interface NbnsEvent {
  readonly isResponse: boolean;
  /** 0 query, 5 registration, 6 release, 7 wait, 8 or 9 refresh (RFC 1002 §4.2.1.1). */
  readonly opcode: number;
  readonly rcode: number;
  /** Name asked for, registered or answered; isGroup is known for registrations and answers only. */
  readonly name: NbnsName;
  /** "NB", "NBSTAT" or "". */
  readonly type: string;
  /** Addresses in an answer or a registration, at most 8. */
  readonly addresses: readonly string[];
  /** Names of a node status response, at most 32: the sender's own. */
  readonly nodeNames: readonly NbnsName[];
  /** Unit id of a node status response; absent when zero (Samba). */
  readonly mac?: string;
  /** Octets of the message. */
  readonly length: number;
}

export interface NbnsState {
  violations: number;
}

const TYPE_NB = 0x20;
const TYPE_NBSTAT = 0x21;
const MAX_ADDRESSES = 8;
const MAX_NODE_NAMES = 32;

export const nbns = defineDissector<NbnsEvent, NbnsState>()({
  name: "nbns",
  label: "NetBIOS",
  category: "System",
  transport: ["udp"],
  ports: [137],
  firstOctets: [],
  anomalies: ["malformed-data"],
  everyPacket: true,
  source: "RFC 1002 §4.2, RFC 1001 §14.1",
  probe: ({ buf, off, end }) => {
    // A name of 32 letters A to P comes first, whatever the kind of packet.
    if (end - off < DNS_HEADER_OCTETS + 38 || u8(buf, off + DNS_HEADER_OCTETS) !== 32) return PROBE_NO;
    for (let i = 1; i <= 32; i++) {
      const letter = u8(buf, off + DNS_HEADER_OCTETS + i);
      if (letter < 0x41 || letter > 0x50) return PROBE_NO;
    }
    return PROBE_YES;
  },
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const event = parseNbns(buf, off, end);
    if (event === undefined) {
      out.anomaly("malformed-data");
      return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    if (event.name.name !== "") out.label({ hostname: event.name.name.toLowerCase() });
    out.event(event);
    return PARSE_MORE;
  },
});

function parseNbns(buf: Uint8Array, off: number, end: number): NbnsEvent | undefined {
  if (end - off < DNS_HEADER_OCTETS) return undefined;
  const flags = u16(buf, off + 2);
  const first = off + DNS_HEADER_OCTETS;
  const name = readNetbiosName(buf, off, first, end);
  const afterName = skipDnsName(buf, first, end);
  if (name === undefined || afterName < 0 || afterName + 4 > end) return undefined;
  const isResponse = flags >>> 15 === 1;
  const type = u16(buf, afterName);
  let recordOff = -1;
  if (u16(buf, off + 4) === 0) recordOff = first;
  else if (u16(buf, off + 10) > 0) recordOff = afterName + 4;
  const found: Mutable = { addresses: [], nodeNames: [], isGroup: false };
  if (recordOff >= 0) readRecord(buf, recordOff, end, found);
  return {
    isResponse,
    opcode: (flags >>> 11) & 15,
    rcode: flags & 15,
    name: { ...name, isGroup: found.isGroup },
    type: type === TYPE_NB ? "NB" : type === TYPE_NBSTAT ? "NBSTAT" : "",
    addresses: found.addresses,
    nodeNames: found.nodeNames,
    ...(found.mac !== undefined && { mac: found.mac }),
    length: end - off,
  };
}

interface Mutable {
  addresses: string[];
  nodeNames: NbnsName[];
  isGroup: boolean;
  mac?: string;
}

/** The one record of a registration or a response (RFC 1002 §4.2.2, §4.2.13, §4.2.18). */
function readRecord(buf: Uint8Array, off: number, end: number, found: Mutable): void {
  const fixed = skipDnsName(buf, off, end);
  if (fixed < 0 || fixed + 10 > end) return;
  const type = u16(buf, fixed);
  const dataOff = fixed + 10;
  const dataEnd = Math.min(dataOff + u16(buf, fixed + 8), end);
  if (type === TYPE_NB) {
    for (let at = dataOff; at + 6 <= dataEnd && found.addresses.length < MAX_ADDRESSES; at += 6) {
      found.isGroup = (u8(buf, at) & 0x80) !== 0;
      found.addresses.push(formatIpv4(i32(buf, at + 2)));
    }
  } else if (type === TYPE_NBSTAT && dataOff < dataEnd) {
    readNodeStatus(buf, dataOff, dataEnd, found);
  }
}

function readNodeStatus(buf: Uint8Array, off: number, end: number, found: Mutable): void {
  const count = u8(buf, off);
  let at = off + 1;
  for (let i = 0; i < count && at + 18 <= end; i++, at += 18) {
    if (found.nodeNames.length >= MAX_NODE_NAMES) continue;
    found.nodeNames.push({
      name: sanitizeOctets(buf, at, at + 15).trimEnd(),
      suffix: u8(buf, at + 15),
      isGroup: (u8(buf, at + 16) & 0x80) !== 0,
    });
  }
  if (at + 6 <= end && (u24(buf, at) !== 0 || u24(buf, at + 3) !== 0)) {
    found.mac = formatMac(u24(buf, at), u24(buf, at + 3));
  }
}
