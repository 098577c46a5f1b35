/**
 * What the decoder saw since it was made, named as Suricata names `stats.decoder.*`, so that the record is written as it stands.
 * All numbers only grow. A packet in a tunnel counts in every layer it has.
 */
export class DecodeCounters {
  /** Frames handed to the decoder. */
  pkts = 0;
  /** Octets of them on the wire. */
  bytes = 0;
  /** Frames in which a header contradicts itself. */
  invalid = 0;
  /** Frames of which the snap length cut off something the decoder or the payload would have needed. */
  truncated = 0;
  ethernet = 0;
  raw = 0;
  null = 0;
  sll = 0;
  sll2 = 0;
  ppp = 0;
  pppoe = 0;
  chdlc = 0;
  ieee80211 = 0;
  /** 802.11 data frames whose payload is encrypted. */
  ieee80211_protected = 0;
  nflog = 0;
  pflog = 0;
  vlan = 0;
  vlan_qinq = 0;
  /** Frames with more than two VLAN tags; only the outer two are kept. */
  vlan_qinqinq = 0;
  vntag = 0;
  etag = 0;
  ieee8021ah = 0;
  mpls = 0;
  arp = 0;
  ipv4 = 0;
  ipv6 = 0;
  /** IP fragments of either version, before reassembly. */
  fragments = 0;
  tcp = 0;
  udp = 0;
  sctp = 0;
  icmpv4 = 0;
  icmpv6 = 0;
  esp = 0;
  gre = 0;
  erspan = 0;
  vxlan = 0;
  geneve = 0;
  teredo = 0;
  gtp = 0;
  ipv4_in_ipv4 = 0;
  ipv6_in_ipv4 = 0;
  ipv4_in_ipv6 = 0;
  ipv6_in_ipv6 = 0;
  /** Frames whose EtherType (or LLC, SNAP or PPP protocol) is not read here. */
  unknown_ethertype = 0;
  /** Frames of a link type that is not read here. */
  unknown_link_type = 0;
  /** Frames with more layers, or extension headers, than are followed. */
  too_many_layers = 0;
  /** Tunnels left closed because four were open already. */
  too_many_tunnels = 0;
  /** Longest frame on the wire, octets. */
  max_pkt_size = 0;
}
