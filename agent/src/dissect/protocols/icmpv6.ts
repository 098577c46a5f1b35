import { u8, u16 } from "../../core/bytes.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import {
  hashOctets,
  type IcmpMeter,
  isDue,
  newIcmpMeter,
  type QuotedPacket,
  readIpv6,
  readQuotedIpv6,
  settle,
} from "../icmp-messages.ts";
import { type AnnouncedPrefix, readNeighborOptions } from "../icmpv6-options.ts";

/** What a router says of itself (RFC 4861 §4.2). */
export interface RouterAdvertisement {
  /** Seconds it will route by default; 0 = not a default router. */
  readonly lifetimeSeconds: number;
  /** RFC 4191 §2.2. */
  readonly preference: "low" | "medium" | "high";
  /** Addresses, or other settings, by DHCPv6. */
  readonly isManaged: boolean;
  readonly hasOtherSettings: boolean;
  readonly prefixes: readonly AnnouncedPrefix[];
  readonly nameServers: readonly string[];
  readonly searchDomains: readonly string[];
}

/** One ICMPv6 message, or all of one direction within a second once a flow had 256. */
export interface Icmpv6Event {
  /** 1 unreachable, 2 too big, 3 time exceeded, 128 echo, 129 echo reply, 133 RS, 134 RA, 135 NS, 136 NA, 137 redirect … */
  readonly type: number;
  readonly code: number;
  /** Identifier and sequence number of echo messages; 0 for others. */
  readonly id: number;
  readonly sequence: number;
  /** Octets after the 8-octet header. */
  readonly payloadLength: number;
  /** Hash of the payload's first 64 octets: a reply must return what the request had (RFC 4443 §4.2). */
  readonly payloadHash: number;
  /** Messages and payload octets of this direction since the event before, this one included. */
  readonly messages: number;
  readonly payloadOctets: number;
  /** Address asked for (NS), told (NA) or pointed to (redirect). */
  readonly target?: string;
  /** Address that a redirect is about. */
  readonly destination?: string;
  /** Link-layer address in the message's option: of the sender (RS, RA, NS) or of the target (NA, redirect). */
  readonly linkLayer?: string;
  /** Flags of NA. */
  readonly isRouter?: boolean;
  readonly isSolicited?: boolean;
  readonly isOverride?: boolean;
  readonly router?: RouterAdvertisement;
  /** The packet that an error is about. */
  readonly quoted?: QuotedPacket;
}

export interface Icmpv6State {
  readonly toServer: IcmpMeter;
  readonly toClient: IcmpMeter;
}

const HEADER_OCTETS = 8;
const RS = 133;
const RA = 134;
const NS = 135;
const NA = 136;
const REDIRECT = 137;
/** Octets before the options, by type. */
const FIXED_OCTETS: Readonly<Record<number, number>> = { [RS]: 8, [RA]: 16, [NS]: 24, [NA]: 24, [REDIRECT]: 40 };

export const icmpv6 = defineDissector<Icmpv6Event, Icmpv6State>()({
  name: "icmpv6",
  label: "ICMPV6",
  category: "Network",
  transport: ["icmpv6"],
  ports: [],
  firstOctets: [],
  anomalies: ["truncated", "bad-option"],
  everyPacket: true,
  source: "RFC 4443, RFC 4861 §4, RFC 8106",
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
    const isEcho = type === 128 || type === 129;
    const quoted = type < 128 ? readQuotedIpv6(buf, off + HEADER_OCTETS, end) : undefined;
    const neighbor = readNeighbor(buf, off, end, type);
    if (neighbor === "truncated" || (neighbor !== undefined && !neighbor.isWhole)) {
      out.anomaly(neighbor === "truncated" ? "truncated" : "bad-option");
    }
    out.event({
      type,
      code: u8(buf, off + 1),
      id: isEcho ? u16(buf, off + 4) : 0,
      sequence: isEcho ? u16(buf, off + 6) : 0,
      payloadLength: end - off - HEADER_OCTETS,
      payloadHash: hashOctets(buf, off + HEADER_OCTETS, end),
      messages: meter.messages,
      payloadOctets: meter.octets,
      ...(quoted !== undefined && { quoted }),
      ...(typeof neighbor === "object" && neighbor.fields),
    });
    settle(meter, atUs);
    return PARSE_MORE;
  },
});

interface Neighbor {
  readonly fields: Partial<Icmpv6Event>;
  readonly isWhole: boolean;
}

/** Neighbour discovery (types 133 to 137); undefined for all others. */
function readNeighbor(buf: Uint8Array, off: number, end: number, type: number): Neighbor | "truncated" | undefined {
  const fixed = FIXED_OCTETS[type];
  if (fixed === undefined) return undefined;
  if (end - off < fixed) return "truncated";
  const options = readNeighborOptions(buf, off + fixed, end);
  const flags = u8(buf, off + 4);
  return {
    isWhole: options.isWhole,
    fields: {
      ...(options.linkLayer !== "" && { linkLayer: options.linkLayer }),
      ...(fixed >= 24 && { target: readIpv6(buf, off + 8) }),
      ...(type === REDIRECT && { destination: readIpv6(buf, off + 24) }),
      ...(type === NA && {
        isRouter: (flags & 0x80) !== 0,
        isSolicited: (flags & 0x40) !== 0,
        isOverride: (flags & 0x20) !== 0,
      }),
      ...(type === RA && {
        router: {
          lifetimeSeconds: u16(buf, off + 6),
          preference: readPreference(u8(buf, off + 5)),
          isManaged: (u8(buf, off + 5) & 0x80) !== 0,
          hasOtherSettings: (u8(buf, off + 5) & 0x40) !== 0,
          prefixes: options.prefixes,
          nameServers: options.nameServers,
          searchDomains: options.searchDomains,
        },
      }),
    },
  };
}

/** RFC 4191 §2.1: 01 high, 00 medium, 11 low; 10 is reserved and read as medium. */
function readPreference(flags: number): RouterAdvertisement["preference"] {
  const bits = (flags >>> 3) & 3;
  return bits === 1 ? "high" : bits === 3 ? "low" : "medium";
}
