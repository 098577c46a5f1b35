/**
 * One decoded packet. A single instance is reused for every packet: nothing here may be kept past the call it was handed to.
 *
 * Shape   All fields are numbers set in the constructor, so that V8 keeps one hidden class; `buf` is borrowed from the capture source.
 * Units   Offsets are octets from the start of `buf`; `*End` is one past the last octet. Addresses are big-endian 32-bit words, signed:
 *         IPv4 in src0/dst0 only, IPv6 in src0..src3. MACs are two 24-bit halves. Ports are 0 where there are none.
 */
export class PacketView {
  buf: Uint8Array = EMPTY;
  /** Microseconds since 1970, from the capture. */
  atUs = 0;
  /** Number of the frame in its capture, from 1. */
  number = 0;
  /** Length on the wire, octets; may exceed what was captured. */
  wireLength = 0;
  /** 1 if the frame has link-layer addresses (Ethernet, 802.11, cooked: source only). */
  hasMac = 0;
  srcMacHigh = 0;
  srcMacLow = 0;
  dstMacHigh = 0;
  dstMacLow = 0;
  /** EtherType of the innermost layer below IP; 0x0806 is ARP. */
  etherType = 0;
  /** Number of VLAN tags kept in vlan0 (outer) and vlan1, 0 to 2. */
  vlanCount = 0;
  vlan0 = 0;
  vlan1 = 0;
  /** 4, 6, or 0 when the frame carries no IP. */
  ipVersion = 0;
  src0 = 0;
  src1 = 0;
  src2 = 0;
  src3 = 0;
  dst0 = 0;
  dst1 = 0;
  dst2 = 0;
  dst3 = 0;
  /** IP protocol of the transport layer (6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, 132 SCTP); 0 when there is no IP. */
  ipProto = 0;
  ttl = 0;
  /** Start of the network layer: IP header or ARP packet. */
  l3Off = 0;
  /** Start of the transport header. */
  l4Off = 0;
  payloadOff = 0;
  /** End of the packet's own octets: IP total length or the captured end, whichever is less. */
  payloadEnd = 0;
  /** Payload octets on the wire; more than payloadEnd - payloadOff when the snap length cut the frame. */
  payloadWireLength = 0;
  srcPort = 0;
  dstPort = 0;
  tcpFlags = 0;
  tcpSeq = 0;
  tcpAck = 0;
  tcpWindow = 0;
  icmpType = 0;
  icmpCode = 0;
  /** 1 while this is an IP fragment that is not whole (transport fields are then unset). */
  isFragment = 0;
  /** Octets from the start of the whole datagram's payload (the header's field times eight). */
  fragmentOffset = 0;
  moreFragments = 0;
  /** IPv4: 16 bits, set for every packet. IPv6: 32 bits, signed, 0 where there is no Fragment header. */
  fragmentId = 0;
  /** 1 once a TCP, UDP, SCTP, ICMP or ICMPv6 header was read: ports, flags and the payload mean something. */
  hasTransport = 0;
  /** Tunnels stripped so far. */
  tunnelDepth = 0;
}

const EMPTY = new Uint8Array(0);
