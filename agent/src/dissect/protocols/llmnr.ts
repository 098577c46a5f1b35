import { u16 } from "../../core/bytes.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { DNS_HEADER_OCTETS, type DnsRecord, parseDnsMessage } from "../dns-message.ts";
import { skipDnsName } from "../dns-names.ts";

/** One LLMNR message. */
export interface LlmnrEvent {
  readonly isResponse: boolean;
  readonly id: number;
  readonly rcode: number;
  /** More than one host answers to the name (flag C). */
  readonly isConflict: boolean;
  /** Name asked for; in a query it is seldom the sender's own. */
  readonly name: string;
  readonly type: string;
  readonly answers: readonly DnsRecord[];
  /** Octets of the message. */
  readonly length: number;
}

export interface LlmnrState {
  violations: number;
}

export const llmnr = defineDissector<LlmnrEvent, LlmnrState>()({
  name: "llmnr",
  label: "LLMNR",
  category: "Network",
  transport: ["udp"],
  ports: [5355],
  firstOctets: [],
  anomalies: ["malformed-data"],
  everyPacket: true,
  source: "RFC 4795 §2.1",
  probe: ({ buf, off, end }) => {
    if (end - off < DNS_HEADER_OCTETS + 5) return PROBE_NO;
    // Opcode 0, and exactly one question (§2.1.1).
    if ((u16(buf, off + 2) & 0x7800) !== 0 || u16(buf, off + 4) !== 1) return PROBE_NO;
    return skipDnsName(buf, off + DNS_HEADER_OCTETS, end) > 0 ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const message = parseDnsMessage(buf, off, end, false);
    if (message === undefined) {
      out.anomaly("malformed-data");
      return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    const name = message.questions[0]?.name ?? "";
    if (name !== "") out.label({ hostname: name.toLowerCase() });
    out.event({
      isResponse: message.flags >>> 15 === 1,
      id: message.id,
      rcode: message.rcode,
      isConflict: (message.flags & 0x400) !== 0,
      name,
      type: message.questions[0]?.type ?? "",
      answers: message.answers.map(({ name, type, ttl, data, length }) => ({ name, type, ttl, data, length })),
      length: end - off,
    });
    return PARSE_MORE;
  },
});
