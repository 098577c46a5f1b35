import { u16 } from "../../core/bytes.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { DNS_HEADER_OCTETS, type DnsRecord, parseDnsMessage } from "../dns-message.ts";
import { skipDnsName } from "../dns-names.ts";
import { collectOffer, type MdnsInstance } from "../mdns-services.ts";

/** One multicast DNS message. */
export interface MdnsEvent {
  readonly isResponse: boolean;
  /** At most 32. */
  readonly questions: readonly { readonly name: string; readonly type: string; readonly wantsUnicast: boolean }[];
  /** Records in the answer section of a query: what the sender knows already, mostly about others. */
  readonly knownAnswerCount: number;
  /** Records of a response, at most 64 of each section; records that a query is about to claim. */
  readonly records: readonly DnsRecord[];
  /** Service types that the sender offers ("_googlecast._tcp"). Empty for plain queries, as are all below. */
  readonly services: readonly string[];
  readonly instances: readonly MdnsInstance[];
  /** The sender's own name ("Living-Room.local"), "" if not told. */
  readonly hostname: string;
  /** Addresses of that name. */
  readonly addresses: readonly string[];
  /** Octets of the message. */
  readonly length: number;
}

export interface MdnsState {
  violations: number;
}

export const mdns = defineDissector<MdnsEvent, MdnsState>()({
  name: "mdns",
  label: "MDNS",
  category: "Network",
  transport: ["udp"],
  ports: [5353],
  firstOctets: [],
  anomalies: ["malformed-data"],
  everyPacket: true,
  source: "RFC 6762 §18, RFC 6763 §4, §6",
  probe: ({ buf, off, end }) => {
    if (end - off < DNS_HEADER_OCTETS + 5) return PROBE_NO;
    // Opcode and response code are 0 (§18.3, §18.11); the first name, of a question or a record, must be one.
    if ((u16(buf, off + 2) & 0x780f) !== 0) return PROBE_NO;
    if (u16(buf, off + 4) + u16(buf, off + 6) + u16(buf, off + 8) + u16(buf, off + 10) === 0) return PROBE_NO;
    return skipDnsName(buf, off + DNS_HEADER_OCTETS, end) > 0 ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const message = parseDnsMessage(buf, off, end, true);
    if (message === undefined || !message.isWhole) out.anomaly("malformed-data");
    if (message === undefined) return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    const isResponse = message.flags >>> 15 === 1;
    const kept = isResponse ? [...message.answers, ...message.additionals] : message.authorities;
    const offer = collectOffer(message, buf, isResponse);
    const first = message.questions[0]?.name ?? kept[0]?.name ?? "";
    if (first !== "") out.label({ hostname: first.toLowerCase() });
    out.event({
      isResponse,
      questions: message.questions.map(({ name, type, klass }) => ({ name, type, wantsUnicast: klass >= 0x8000 })),
      knownAnswerCount: isResponse ? 0 : message.answers.length,
      records: kept.map(({ name, type, ttl, data, length }) => ({ name, type, ttl, data, length })),
      ...offer,
      length: end - off,
    });
    return PARSE_MORE;
  },
  eve: (event) => ({
    event_type: "mdns",
    mdns: {
      type: event.isResponse ? "response" : "request",
      ...(event.questions.length > 0 && {
        queries: event.questions.map(({ name, type }) => ({ rrname: name, rrtype: type })),
      }),
      ...(event.records.length > 0 && {
        answers: event.records.map(({ name, type, ttl, data }) => ({ rrname: name, rrtype: type, ttl, rdata: data })),
      }),
    },
  }),
});
