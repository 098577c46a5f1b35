import { i32, u8, u16, u24 } from "../../core/bytes.ts";
import { formatIpv4, formatMac } from "../../core/ip.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** One ARP packet for IPv4 over Ethernet. */
export interface ArpEvent {
  /** 1 request, 2 reply; 3, 4 RARP; 8, 9 inverse ARP. */
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: string;
  /** All zeros in most requests. */
  readonly targetMac: string;
  readonly targetIp: string;
  /** Sender and target address are one: the sender tells everybody (RFC 5227 §3 "announcement"; RFC 5944 §4.6). */
  readonly isGratuitous: boolean;
  /** Request from 0.0.0.0: is this address in use? (RFC 5227 §1.1). It does not claim the address. */
  readonly isProbe: boolean;
}

export interface ArpState {
  packets: number;
}

/** Hardware 2, protocol 2, lengths 1 + 1, operation 2, addresses 6 + 4 + 6 + 4. */
const PACKET_OCTETS = 28;

const isIpv4OverEthernet = (buf: Uint8Array, off: number, end: number): boolean =>
  end - off >= PACKET_OCTETS &&
  // 1 is Ethernet, 6 is IEEE 802 networks; both have 6-octet addresses.
  (u16(buf, off) === 1 || u16(buf, off) === 6) &&
  u16(buf, off + 2) === 0x0800 &&
  u8(buf, off + 4) === 6 &&
  u8(buf, off + 5) === 4;

export const arp = defineDissector<ArpEvent, ArpState>()({
  name: "arp",
  label: "ARP",
  category: "Network",
  transport: ["arp"],
  ports: [],
  firstOctets: [],
  anomalies: ["malformed"],
  everyPacket: true,
  source: "RFC 826, RFC 5227",
  probe: (slice) => (isIpv4OverEthernet(slice.buf, slice.off, slice.end) ? PROBE_YES : PROBE_NO),
  open: () => ({ packets: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    if (!isIpv4OverEthernet(buf, off, end)) {
      out.anomaly("malformed");
      return PARSE_BAD;
    }
    state.packets++;
    slice.off = end;
    const operation = u16(buf, off + 6);
    const sender = i32(buf, off + 14);
    const target = i32(buf, off + 24);
    out.event({
      operation,
      senderMac: formatMac(u24(buf, off + 8), u24(buf, off + 11)),
      senderIp: formatIpv4(sender),
      targetMac: formatMac(u24(buf, off + 18), u24(buf, off + 21)),
      targetIp: formatIpv4(target),
      isGratuitous: sender === target && sender !== 0,
      isProbe: operation === 1 && sender === 0 && target !== 0,
    });
    return PARSE_MORE;
  },
  eve: (event) => ({
    event_type: "arp",
    arp: {
      hw_type: "ethernet",
      proto_type: "ipv4",
      opcode: OPERATIONS[event.operation] ?? String(event.operation),
      src_mac: event.senderMac,
      src_ip: event.senderIp,
      dest_mac: event.targetMac,
      dest_ip: event.targetIp,
    },
  }),
});

const OPERATIONS: Readonly<Record<number, string>> = {
  1: "request",
  2: "reply",
  3: "request_reverse",
  4: "reply_reverse",
  8: "request_inverse",
  9: "reply_inverse",
};
