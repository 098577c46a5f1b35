import { groupMac, ipOctets, isIpv6, macOctets } from "./address.ts";
import { checksum, foldChecksum, pseudoHeaderSum, sum16 } from "./checksum.ts";
import { be16, be32, type Data, join, put16, put32, toOctets, zeros } from "./octets.ts";

export const ETHER_IPV4 = 0x0800;
export const ETHER_ARP = 0x0806;
export const ETHER_VLAN = 0x8100;
export const ETHER_QINQ = 0x88a8;
export const ETHER_IPV6 = 0x86dd;

export const PROTO_ICMP = 1;
export const PROTO_TCP = 6;
export const PROTO_UDP = 17;
export const PROTO_ICMPV6 = 58;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;

export interface EthernetSpec {
  readonly src: string;
  readonly dst: string;
  readonly etherType: number;
  /** VLAN ids, outer first (IEEE 802.1Q); two of them make 802.1ad. */
  readonly vlan?: readonly number[];
  /** Pads to 60 octets, as a card does on sending. Default false: captures on the sender show frames unpadded. */
  readonly pad?: boolean;
}

/** Ethernet II frame without FCS (IEEE 802.3 §3, 802.1Q §9). */
export function ethernet(spec: EthernetSpec, payload: Uint8Array): Uint8Array {
  const vlan = spec.vlan ?? [];
  const tags = vlan.map((id, i) => join(be16(i === 0 && vlan.length > 1 ? ETHER_QINQ : ETHER_VLAN), be16(id)));
  const frame = join(macOctets(spec.dst), macOctets(spec.src), ...tags, be16(spec.etherType), payload);
  return spec.pad && frame.length < 60 ? join(frame, zeros(60 - frame.length)) : frame;
}

export interface ArpSpec {
  readonly op: "request" | "reply";
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

/** ARP packet for IPv4 over Ethernet (RFC 826). */
export function arp(spec: ArpSpec): Uint8Array {
  return join(
    be16(1), // hardware: Ethernet
    be16(ETHER_IPV4),
    6,
    4,
    be16(spec.op === "request" ? 1 : 2),
    macOctets(spec.senderMac),
    ipOctets(spec.senderIp),
    macOctets(spec.targetMac),
    ipOctets(spec.targetIp),
  );
}

export interface Ipv4Spec {
  readonly src: string;
  readonly dst: string;
  readonly proto: number;
  readonly ttl?: number;
  readonly id?: number;
  readonly tos?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** Octets from the start of the unfragmented payload; a multiple of 8. */
  readonly fragmentOffset?: number;
  /** Padded with zeros to a multiple of 4. */
  readonly options?: Uint8Array;
  /** Payload octets on the wire when `payload` is only their beginning. */
  readonly payloadLength?: number;
}

/** IPv4 packet (RFC 791 §3.1) with its header checksum. */
export function ipv4(spec: Ipv4Spec, payload: Uint8Array): Uint8Array {
  const options = spec.options ?? zeros(0);
  const headerLength = 20 + Math.ceil(options.length / 4) * 4;
  const packet = new Uint8Array(headerLength + payload.length);
  packet[0] = 0x40 | (headerLength / 4);
  packet[1] = spec.tos ?? 0;
  put16(packet, 2, headerLength + (spec.payloadLength ?? payload.length));
  put16(packet, 4, spec.id ?? 0);
  const flags = (spec.dontFragment ? 0x4000 : 0) | (spec.moreFragments ? 0x2000 : 0);
  put16(packet, 6, flags | ((spec.fragmentOffset ?? 0) >>> 3));
  packet[8] = spec.ttl ?? 64;
  packet[9] = spec.proto;
  packet.set(ipOctets(spec.src), 12);
  packet.set(ipOctets(spec.dst), 16);
  packet.set(options, 20);
  put16(packet, 10, checksum(packet.subarray(0, headerLength)));
  packet.set(payload, headerLength);
  return packet;
}

/** Cuts the payload of one IPv4 packet into fragments of at most `mtu` octets each (RFC 791 §3.2). */
export function ipv4Fragments(spec: Ipv4Spec, payload: Uint8Array, mtu = 1500): Uint8Array[] {
  const size = (mtu - 20) & ~7;
  const fragments: Uint8Array[] = [];
  for (let off = 0; off < payload.length; off += size) {
    const moreFragments = off + size < payload.length;
    fragments.push(ipv4({ ...spec, moreFragments, fragmentOffset: off }, payload.subarray(off, off + size)));
  }
  return fragments;
}

export interface Ipv6Spec {
  readonly src: string;
  readonly dst: string;
  /** Of the transport; with `extensions` the number that the last of them announces. */
  readonly proto: number;
  readonly hopLimit?: number;
  /** Extension headers in order: number of the header and its octets after "next header" (length octet included). */
  readonly extensions?: readonly { readonly header: number; readonly body: Uint8Array }[];
  readonly payloadLength?: number;
}

/** IPv6 packet (RFC 8200 §3). */
export function ipv6(spec: Ipv6Spec, payload: Uint8Array): Uint8Array {
  const extensions = spec.extensions ?? [];
  const chain = join(...extensions.map((ext, i) => join(extensions[i + 1]?.header ?? spec.proto, ext.body)));
  const packet = new Uint8Array(40 + chain.length + payload.length);
  packet[0] = 0x60;
  put16(packet, 4, chain.length + (spec.payloadLength ?? payload.length));
  packet[6] = extensions[0]?.header ?? spec.proto;
  packet[7] = spec.hopLimit ?? 64;
  packet.set(ipOctets(spec.src), 8);
  packet.set(ipOctets(spec.dst), 24);
  packet.set(chain, 40);
  packet.set(payload, 40 + chain.length);
  return packet;
}

/** Addresses that enter the checksum of the transport, and the length on the wire when the payload is cut. */
interface Transport {
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  /** Payload octets on the wire; the missing ones count as zeros in the checksum. */
  readonly payloadLength?: number;
}

function sealTransport(segment: Uint8Array, spec: Transport, proto: number, at: number, wireLength: number): void {
  const pseudo = pseudoHeaderSum(ipOctets(spec.src), ipOctets(spec.dst), proto, wireLength);
  const value = foldChecksum(sum16(segment, pseudo));
  put16(segment, at, proto === PROTO_UDP && value === 0 ? 0xffff : value);
}

export interface TcpSpec extends Transport {
  readonly seq: number;
  readonly ack?: number;
  readonly flags: number;
  readonly window?: number;
  readonly urgent?: number;
  /** Padded with zeros (end of options) to a multiple of 4. */
  readonly options?: Uint8Array;
}

/** TCP segment (RFC 9293 §3.1) with its checksum. */
export function tcp(spec: TcpSpec, data: Data = ""): Uint8Array {
  const payload = toOctets(data);
  const options = spec.options ?? zeros(0);
  const headerLength = 20 + Math.ceil(options.length / 4) * 4;
  const segment = new Uint8Array(headerLength + payload.length);
  put16(segment, 0, spec.srcPort);
  put16(segment, 2, spec.dstPort);
  put32(segment, 4, spec.seq);
  put32(segment, 8, spec.ack ?? 0);
  segment[12] = (headerLength / 4) << 4;
  segment[13] = spec.flags;
  put16(segment, 14, spec.window ?? 64240);
  put16(segment, 18, spec.urgent ?? 0);
  segment.set(options, 20);
  segment.set(payload, headerLength);
  sealTransport(segment, spec, PROTO_TCP, 16, headerLength + (spec.payloadLength ?? payload.length));
  return segment;
}

/** TCP options of a SYN as Linux sends them: MSS, SACK permitted, window scale (RFC 9293 §3.2, RFC 2018, RFC 7323). */
export const synOptions = (mss: number, windowScale = 7): Uint8Array =>
  join(2, 4, be16(mss), 4, 2, 1, 3, 3, windowScale, 1, 0);

/** UDP datagram (RFC 768) with its checksum. */
export function udp(spec: Transport, data: Data): Uint8Array {
  const payload = toOctets(data);
  const length = 8 + (spec.payloadLength ?? payload.length);
  const datagram = join(be16(spec.srcPort), be16(spec.dstPort), be16(length), be16(0), payload);
  sealTransport(datagram, spec, PROTO_UDP, 6, length);
  return datagram;
}

/** ICMP message (RFC 792): `rest` is all that follows the checksum. */
export function icmp(type: number, code: number, rest: Uint8Array): Uint8Array {
  const message = join(type, code, be16(0), rest);
  put16(message, 2, checksum(message));
  return message;
}

/** Echo request or reply. */
export const icmpEcho = (kind: "request" | "reply", id: number, seq: number, data: Data = zeros(56)): Uint8Array =>
  icmp(kind === "request" ? 8 : 0, 0, join(be16(id), be16(seq), data));

/** Destination unreachable, quoting the header and eight octets of `original` (an IPv4 packet). Code 3 is "port". */
export const icmpUnreachable = (original: Uint8Array, code = 3): Uint8Array =>
  icmp(3, code, join(zeros(4), original.subarray(0, 28)));

/** ICMPv6 message (RFC 4443 §2.1) with its checksum. */
export function icmpv6(src: string, dst: string, type: number, code: number, rest: Uint8Array): Uint8Array {
  const message = join(type, code, be16(0), rest);
  const pseudo = pseudoHeaderSum(ipOctets(src), ipOctets(dst), PROTO_ICMPV6, message.length);
  put16(message, 2, foldChecksum(sum16(message, pseudo)));
  return message;
}

/** Neighbour solicitation (RFC 4861 §4.3). Give no `mac` for duplicate address detection (source `::`). */
export const neighborSolicitation = (src: string, dst: string, target: string, mac?: string): Uint8Array =>
  icmpv6(src, dst, 135, 0, join(be32(0), ipOctets(target), mac ? join(1, 1, macOctets(mac)) : ""));

/** Neighbour advertisement (RFC 4861 §4.4): solicited and override set; router if asked. */
export const neighborAdvertisement = (
  src: string,
  dst: string,
  target: string,
  mac: string,
  flags: { readonly router?: boolean; readonly solicited?: boolean } = {},
): Uint8Array => {
  const bits = (flags.router ? 0x8000_0000 : 0) | (flags.solicited === false ? 0 : 0x4000_0000) | 0x2000_0000;
  return icmpv6(src, dst, 136, 0, join(be32(bits), ipOctets(target), 2, 1, macOctets(mac)));
};

export interface RouterAdvertisementSpec {
  readonly src: string;
  readonly dst?: string;
  readonly mac: string;
  readonly lifetimeSeconds?: number;
  readonly prefixes?: readonly { readonly prefix: string; readonly length?: number }[];
  readonly dns?: readonly string[];
}

/** Router advertisement (RFC 4861 §4.2) with prefix information and RDNSS (RFC 8106 §5.1). */
export function routerAdvertisement(spec: RouterAdvertisementSpec): Uint8Array {
  const prefixes = (spec.prefixes ?? []).map(({ prefix, length }) =>
    join(3, 4, length ?? 64, 0xc0, be32(7200), be32(1800), be32(0), ipOctets(prefix)),
  );
  const dns = spec.dns?.length
    ? join(25, 1 + 2 * spec.dns.length, be16(0), be32(1200), ...spec.dns.map(ipOctets))
    : zeros(0);
  const fixed = join(64, 0, be16(spec.lifetimeSeconds ?? 1800), be32(0), be32(0));
  return icmpv6(spec.src, spec.dst ?? "ff02::1", 134, 0, join(fixed, 1, 1, macOctets(spec.mac), ...prefixes, dns));
}

/** Router solicitation (RFC 4861 §4.1). */
export const routerSolicitation = (src: string, mac: string): Uint8Array =>
  icmpv6(src, "ff02::2", 133, 0, join(be32(0), 1, 1, macOctets(mac)));

export interface LinkSpec {
  readonly srcMac: string;
  /** Default: the group's MAC when `dst` is a group. Required for a single host. */
  readonly dstMac?: string;
  readonly src: string;
  readonly dst: string;
  readonly vlan?: readonly number[];
  readonly ttl?: number;
  /** IPv4 identification. */
  readonly id?: number;
  readonly payloadLength?: number;
}

/** Ethernet frame with an IPv4 or IPv6 packet, by the form of the addresses. `payloadLength` counts transport header and payload. */
export function ipFrame(link: LinkSpec, proto: number, transport: Uint8Array): Uint8Array {
  const dstMac = link.dstMac ?? groupMac(link.dst);
  if (dstMac === undefined) throw new RangeError(`no MAC given for ${link.dst}`);
  const length = link.payloadLength === undefined ? {} : { payloadLength: link.payloadLength };
  const v6 = isIpv6(link.dst);
  const packet = v6
    ? ipv6({ src: link.src, dst: link.dst, proto, hopLimit: link.ttl ?? 64, ...length }, transport)
    : ipv4(
        {
          src: link.src,
          dst: link.dst,
          proto,
          ttl: link.ttl ?? 64,
          id: link.id ?? 0,
          dontFragment: !link.id,
          ...length,
        },
        transport,
      );
  return ethernet(
    {
      src: link.srcMac,
      dst: dstMac,
      etherType: v6 ? ETHER_IPV6 : ETHER_IPV4,
      ...(link.vlan ? { vlan: link.vlan } : {}),
    },
    packet,
  );
}

/** Frame of a neighbour discovery message: hop limit 255 (RFC 4861 §3.1). */
export const ndFrame = (link: Omit<LinkSpec, "ttl">, message: Uint8Array): Uint8Array =>
  ipFrame({ ...link, ttl: 255 }, PROTO_ICMPV6, message);
