import { i32, u8, u16 } from "../../core/bytes.ts";
import { formatIpv4 } from "../../core/ip.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import {
  hashOctets,
  type IcmpMeter,
  isDue,
  newIcmpMeter,
  type QuotedPacket,
  readQuotedIpv4,
  settle,
} from "../icmp-messages.ts";

/** One ICMP message, or all of one direction within a second once a flow had 256. */
export interface IcmpEvent {
  /** 0 echo reply, 3 unreachable, 5 redirect, 8 echo, 11 time exceeded … */
  readonly type: number;
  readonly code: number;
  /** Identifier and sequence number of echo and timestamp messages; 0 for others. */
  readonly id: number;
  readonly sequence: number;
  /** Octets after the 8-octet header. */
  readonly payloadLength: number;
  /** Hash of the payload's first 64 octets: a reply must return what the request had (RFC 792), a tunnel does not. */
  readonly payloadHash: number;
  /** Messages and payload octets of this direction since the event before, this one included. */
  readonly messages: number;
  readonly payloadOctets: number;
  /** The packet that an error is about. */
  readonly quoted?: QuotedPacket;
  /** Gateway that a redirect points to. */
  readonly gateway?: string;
}

export interface IcmpState {
  readonly toServer: IcmpMeter;
  readonly toClient: IcmpMeter;
}

const HEADER_OCTETS = 8;
const REDIRECT = 5;

/** Unreachable, source quench, redirect, time exceeded, parameter problem: they quote a packet. */
const isError = (type: number): boolean => type === 3 || type === 4 || type === REDIRECT || type === 11 || type === 12;
const hasId = (type: number): boolean => type === 0 || type === 8 || (type >= 13 && type <= 18);

export const icmp = defineDissector<IcmpEvent, IcmpState>()({
  name: "icmp",
  label: "ICMP",
  category: "Network",
  transport: ["icmp"],
  ports: [],
  firstOctets: [],
  anomalies: ["truncated"],
  everyPacket: true,
  source: "RFC 792, RFC 1812 §4.3",
  probe: (slice) => (slice.end - slice.off >= HEADER_OCTETS ? PROBE_YES : PROBE_NO),
  open: () => ({ toServer: newIcmpMeter(), toClient: newIcmpMeter() }),
  parse(state, slice, out) {
    const { buf, off, end, atUs } = slice;
    if (end - off < HEADER_OCTETS) {
      out.anomaly("truncated");
      return PARSE_BAD;
    }
    slice.off = end;
    const meter = slice.toServer ? state.toServer : state.toClient;
    if (!isDue(meter, end - off - HEADER_OCTETS, atUs)) return PARSE_MORE;
    const type = u8(buf, off);
    const quoted = isError(type) ? readQuotedIpv4(buf, off + HEADER_OCTETS, end) : undefined;
    out.event({
      type,
      code: u8(buf, off + 1),
      id: hasId(type) ? u16(buf, off + 4) : 0,
      sequence: hasId(type) ? u16(buf, off + 6) : 0,
      payloadLength: end - off - HEADER_OCTETS,
      payloadHash: hashOctets(buf, off + HEADER_OCTETS, end),
      messages: meter.messages,
      payloadOctets: meter.octets,
      ...(quoted !== undefined && { quoted }),
      ...(type === REDIRECT && { gateway: formatIpv4(i32(buf, off + 4)) }),
    });
    settle(meter, atUs);
    return PARSE_MORE;
  },
});
