import { u8, u16 } from "../../core/bytes.ts";
import { defineDissector, type Output, PARSE_BAD, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { dnsRcodeName, isKnownDnsType } from "../dns-codes.ts";
import { DNS_HEADER_OCTETS, type DnsRecord, parseDnsMessage } from "../dns-message.ts";
import { skipDnsName } from "../dns-names.ts";

/** One DNS message. */
export interface DnsEvent {
  readonly isResponse: boolean;
  readonly id: number;
  /** 0 query, 4 notify, 5 update (RFC 6895 §2.2). */
  readonly opcode: number;
  /** Response code with the EDNS extension: 0 no error, 2 server failure, 3 no such name, 5 refused. */
  readonly rcode: number;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly rd: boolean;
  readonly ra: boolean;
  /** Name of the first question without the final dot, case as sent, "" for the root or without a question. */
  readonly name: string;
  /** Type of the first question as a mnemonic ("A", "TXT", "ANY", "TYPE65280"); "" without a question. */
  readonly type: string;
  /** Octets of the question's name on the wire, root included (RFC 1035 §3.1: at most 255). */
  readonly nameLength: number;
  /** At most 64 records of the answer section. */
  readonly answers: readonly DnsRecord[];
  /** Counts of the header. */
  readonly questionCount: number;
  readonly answerCount: number;
  readonly authorityCount: number;
  readonly additionalCount: number;
  /** Octets of the message: what an amplification is measured by. */
  readonly length: number;
  /** UDP size the sender accepts by EDNS (RFC 6891), octets; 0 without EDNS. */
  readonly ednsSize: number;
}

export interface DnsState {
  readonly isStream: boolean;
  /** Messages that could not be read; after three the dissector ends. */
  violations: number;
}

/** Longest message of a stream that is read: its two length octets must fit into 64 KiB with it. */
const MAX_STREAM_MESSAGE = 65_534;
const MAX_VIOLATIONS = 3;
const PORT = 53;

export const dns = defineDissector<DnsEvent, DnsState>()({
  name: "dns",
  label: "DNS",
  category: "Network",
  transport: ["udp", "tcp"],
  ports: [PORT],
  // A message begins with a random id (UDP) or its length (TCP), so that no first octet can be left out.
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  maxBuffered: 65_536,
  anomalies: ["malformed-data", "z-flag-set", "invalid-opcode", "message-too-long"],
  everyPacket: true,
  source: "RFC 1035 §4, RFC 6891, RFC 7766 §8, RFC 9460",
  probe: (slice, flow) => {
    const { buf, off, end } = slice;
    const isUsualPort = flow.serverPort === PORT || flow.clientPort === PORT;
    if (looksLikeDns(buf, off, end, isUsualPort)) return PROBE_YES;
    // RFC 1035 §4.2.2: over TCP a message comes after its length.
    if (end - off >= 2) {
      const whole = off + 2 + u16(buf, off);
      if (whole - off >= 2 + DNS_HEADER_OCTETS && looksLikeDns(buf, off + 2, Math.min(whole, end), isUsualPort)) {
        return PROBE_YES;
      }
    }
    return isUsualPort && end - off < 2 + DNS_HEADER_OCTETS ? PROBE_MORE : PROBE_NO;
  },
  open: (flow) => ({ isStream: flow.proto === "TCP", violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    if (!state.isStream) {
      slice.off = end;
      return parseMessage(state, buf, off, end, out);
    }
    let at = off;
    while (at < end) {
      slice.off = at;
      if (end - at < 2) return 1;
      const length = u16(buf, at);
      if (length < DNS_HEADER_OCTETS) return PARSE_BAD;
      const next = at + 2 + length;
      if (length > MAX_STREAM_MESSAGE) {
        out.anomaly("message-too-long");
        if (next > end) out.skip(next - end);
      } else {
        if (next > end) return next - end;
        const code = parseMessage(state, buf, at + 2, next, out);
        if (code !== PARSE_MORE) return code;
      }
      at = Math.min(next, end);
    }
    slice.off = end;
    return PARSE_MORE;
  },
  eve: (event) => ({ event_type: "dns", dns: event.isResponse ? eveAnswer(event) : eveQuery(event) }),
});

/**
 * Header and first question are those of a DNS message. On other ports than 53 nothing is forgiven: one question, of a known type and the
 * Internet class, a printable name, plausible counts, and a query that ends where its question does.
 */
function looksLikeDns(buf: Uint8Array, off: number, end: number, isUsualPort: boolean): boolean {
  if (end - off < DNS_HEADER_OCTETS + 5) return false;
  const flags = u16(buf, off + 2);
  const isResponse = flags >>> 15 === 1;
  const opcode = (flags >>> 11) & 15;
  if (opcode > 5 || (flags & 0x40) !== 0) return false;
  if (!isResponse && (flags & 0x8f) !== 0) return false;
  if (u16(buf, off + 4) !== 1) return false;
  if (!isResponse && opcode === 0 && (u16(buf, off + 6) > 0 || u16(buf, off + 8) > 1 || u16(buf, off + 10) > 4))
    return false;
  const fixed = skipDnsName(buf, off + DNS_HEADER_OCTETS, end);
  // A capture that cuts frames may cut the name as well; on port 53 what could be read is enough.
  if (fixed < 0 || fixed + 4 > end) return false;
  const klass = u16(buf, fixed + 2);
  if (klass !== 1 && klass !== 3 && klass !== 4 && klass !== 254 && klass !== 255) return false;
  if (isUsualPort) return true;
  if (opcode !== 0 || klass !== 1 || (flags & 15) > 10 || !isKnownDnsType(u16(buf, fixed))) return false;
  if (fixed - off - DNS_HEADER_OCTETS < 3 || !isPrintableName(buf, off + DNS_HEADER_OCTETS, fixed)) return false;
  if (isResponse) return u16(buf, off + 6) <= 256 && u16(buf, off + 8) <= 256 && u16(buf, off + 10) <= 256;
  return u16(buf, off + 10) > 0 || fixed + 4 === end;
}

function isPrintableName(buf: Uint8Array, off: number, end: number): boolean {
  let at = off;
  while (at < end) {
    const length = u8(buf, at);
    if (length === 0) return at + 1 === end;
    if (length > 63) return false;
    for (let i = 1; i <= length; i++) {
      const octet = u8(buf, at + i);
      if (octet < 0x21 || octet > 0x7e) return false;
    }
    at += length + 1;
  }
  return false;
}

function parseMessage(state: DnsState, buf: Uint8Array, off: number, end: number, out: Output<DnsEvent>): number {
  const message = parseDnsMessage(buf, off, end, false);
  if (message === undefined) {
    out.anomaly("malformed-data");
    return ++state.violations >= MAX_VIOLATIONS ? PARSE_BAD : PARSE_MORE;
  }
  const { flags } = message;
  const opcode = (flags >>> 11) & 15;
  if (!message.isWhole && (flags & 0x200) === 0) out.anomaly("malformed-data");
  if ((flags & 0x40) !== 0) out.anomaly("z-flag-set");
  if (opcode > 6) out.anomaly("invalid-opcode");
  const question = message.questions[0];
  const name = question?.name ?? "";
  if (name !== "") out.label({ hostname: name.toLowerCase() });
  out.event({
    isResponse: flags >>> 15 === 1,
    id: message.id,
    opcode,
    rcode: message.rcode,
    aa: (flags & 0x400) !== 0,
    tc: (flags & 0x200) !== 0,
    rd: (flags & 0x100) !== 0,
    ra: (flags & 0x80) !== 0,
    name,
    type: question?.type ?? "",
    nameLength: message.questionNameLength,
    answers: message.answers.map(({ name, type, ttl, data, length }) => ({ name, type, ttl, data, length })),
    questionCount: message.questionCount,
    answerCount: message.answerCount,
    authorityCount: message.authorityCount,
    additionalCount: message.additionalCount,
    length: end - off,
    ednsSize: message.ednsSize,
  });
  return PARSE_MORE;
}

const eveQuery = (event: DnsEvent): Record<string, unknown> => ({
  version: 2,
  type: "query",
  id: event.id,
  rrname: event.name,
  rrtype: event.type,
  tx_id: 0,
  opcode: event.opcode,
});

function eveAnswer(event: DnsEvent): Record<string, unknown> {
  const { aa, tc, rd, ra } = event;
  const flags =
    0x8000 | (event.opcode << 11) | (aa ? 0x400 : 0) | (tc ? 0x200 : 0) | (rd ? 0x100 : 0) | (ra ? 0x80 : 0);
  const grouped: Record<string, unknown[]> = {};
  const answers = event.answers.map((record) => {
    const data = eveData(record);
    const key = typeof data === "string" ? "rdata" : record.type.toLowerCase();
    if (data !== "") (grouped[record.type] ??= []).push(data);
    const row = { rrname: record.name, rrtype: record.type, ttl: record.ttl };
    return data === "" ? row : { ...row, [key]: data };
  });
  return {
    version: 2,
    type: "answer",
    id: event.id,
    flags: (flags | (event.rcode & 15)).toString(16),
    qr: true,
    ...(aa && { aa }),
    ...(tc && { tc }),
    ...(rd && { rd }),
    ...(ra && { ra }),
    opcode: event.opcode,
    rrname: event.name,
    rrtype: event.type,
    rcode: dnsRcodeName(event.rcode),
    ...(answers.length > 0 && { answers, grouped }),
  };
}

/** Suricata gives SOA and SRV as objects, MX without its preference, all others as text. */
function eveData(record: DnsRecord): string | Record<string, unknown> {
  const parts = record.data.split(" ");
  if (record.type === "MX") return parts[1] ?? "";
  if (record.type === "SRV" && parts.length === 4) {
    const [priority, weight, port, name] = parts;
    return { priority: Number(priority), weight: Number(weight), port: Number(port), name };
  }
  if (record.type === "SOA" && parts.length === 7) {
    const [mname, rname, serial, refresh, retry, expire, minimum] = parts;
    return {
      mname,
      rname,
      serial: Number(serial),
      refresh: Number(refresh),
      retry: Number(retry),
      expire: Number(expire),
      minimum: Number(minimum),
    };
  }
  return record.data;
}
