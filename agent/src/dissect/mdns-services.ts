import { indexOfOctet, u8 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";
import type { DnsMessage, DnsRecordSpan } from "./dns-message.ts";

export interface MdnsText {
  /** Lower case: keys compare without case (RFC 6763 §6.4). */
  readonly key: string;
  readonly value: string;
}

/** A service that the sender offers, as far as this message tells. */
export interface MdnsInstance {
  /** First part of the name, for people ("Living Room TV"). */
  readonly name: string;
  /** "_googlecast._tcp". */
  readonly service: string;
  /** Host name of the SRV record, without the final dot; "" when the message has none. */
  readonly target: string;
  readonly port: number;
  /** At most 32 pairs. */
  readonly text: readonly MdnsText[];
}

/** What a host says about itself. */
export interface MdnsOffer {
  /** Service types of this host, at most 64. */
  readonly services: string[];
  /** At most 32. */
  readonly instances: MdnsInstance[];
  /** Name of the host ("Living-Room.local"): owner of its addresses, else target of its services, else of a reverse record; "" if not told. */
  readonly hostname: string;
  /** Addresses of that name, at most 16. */
  readonly addresses: string[];
}

const MAX_INSTANCES = 32;
const MAX_PAIRS = 32;
const MAX_SERVICES = 64;
const MAX_ADDRESSES = 16;

/** "Instance._service._proto.domain"; the instance may hold dots of its own (RFC 6763 §4.1.1), so it is found from its end. */
const SERVICE_NAME = /^(?:(.*?)\.)?(_[^.]+\._(?:tcp|udp))\.[^_]*$/i;
const REVERSE = /\.(?:in-addr|ip6)\.arpa$/i;

/** Splits a DNS-SD name; undefined when it is none. */
export function splitServiceName(name: string): { instance: string; service: string } | undefined {
  const match = SERVICE_NAME.exec(name);
  // A sub-type ("_printer._sub._http._tcp.local") names a service, not an instance (RFC 6763 §7.1).
  if (match === null) return undefined;
  const instance = match[1] ?? "";
  return { instance: instance.endsWith("._sub") ? "" : instance, service: (match[2] ?? "").toLowerCase() };
}

/**
 * Collects what the sender of `message` offers: from the answers of a response, or from the authority section of a query, in which a host
 * puts the records that it is about to claim (RFC 6762 §8.2). The answers of a query are what the sender knows of others (§7.1): left out.
 * Records with TTL 0 say good-bye (§10.1): left out.
 */
export function collectOffer(message: DnsMessage, buf: Uint8Array, isResponse: boolean): MdnsOffer {
  const records = isResponse ? [...message.answers, ...message.additionals] : message.authorities;
  const services = new Set<string>();
  const drafts = new Map<string, { name: string; service: string; target: string; port: number; text: MdnsText[] }>();
  const addresses = new Map<string, string[]>();
  let target = "";
  let reverse = "";
  const draft = (name: string) => {
    const parts = splitServiceName(name);
    if (parts === undefined) return undefined;
    if (services.size < MAX_SERVICES) services.add(parts.service);
    if (parts.instance === "") return undefined;
    const key = name.toLowerCase();
    const known = drafts.get(key);
    if (known !== undefined || drafts.size >= MAX_INSTANCES) return known;
    const made = { name: parts.instance, service: parts.service, target: "", port: 0, text: [] };
    drafts.set(key, made);
    return made;
  };
  for (const record of records) {
    if (record.ttl === 0) continue;
    if (record.type === "PTR") {
      if (REVERSE.test(record.name)) reverse ||= record.data;
      else draft(record.data);
    } else if (record.type === "SRV") {
      const [, , port = "0", host = ""] = record.data.split(" ");
      target ||= host;
      const instance = draft(record.name);
      if (instance !== undefined) Object.assign(instance, { target: host, port: Number(port) });
    } else if (record.type === "TXT") {
      const instance = draft(record.name);
      if (instance !== undefined) instance.text = readPairs(buf, record);
    } else if ((record.type === "A" || record.type === "AAAA") && record.data !== "") {
      const list = addresses.get(record.name) ?? [];
      if (list.length < MAX_ADDRESSES) list.push(record.data);
      addresses.set(record.name, list);
    }
  }
  const owner =
    addresses.has(target) || addresses.size === 0 ? target || reverse : (addresses.keys().next().value ?? "");
  return {
    services: [...services],
    instances: [...drafts.values()],
    hostname: owner,
    addresses: addresses.get(owner) ?? [],
  };
}

/** Key/value strings of a TXT record (RFC 6763 §6.3): the first of equal keys counts, a key without "=" has the value "". */
export function readPairs(buf: Uint8Array, record: DnsRecordSpan): MdnsText[] {
  const pairs: MdnsText[] = [];
  const end = record.dataOff + record.length;
  for (let at = record.dataOff; at < end && pairs.length < MAX_PAIRS; ) {
    const next = Math.min(at + 1 + u8(buf, at), end);
    const equals = indexOfOctet(buf, at + 1, next, 0x3d);
    const keyEnd = equals < 0 ? next : equals;
    const key = sanitizeOctets(buf, at + 1, keyEnd, 64).toLowerCase();
    if (key !== "" && !pairs.some((pair) => pair.key === key)) {
      pairs.push({ key, value: equals < 0 ? "" : sanitizeOctets(buf, equals + 1, next, 128) });
    }
    at = next;
  }
  return pairs;
}
