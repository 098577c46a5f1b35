/**
 * What may come next above a link layer, a tag or a tunnel header: EtherTypes (IEEE 802 numbers, IANA). Every decoder below IP returns one of
 * these, or a negative DecodeCode. Two numbers that GRE uses stand for whole frames: 0x6558 an Ethernet frame, 0x880b a PPP frame.
 */
export const ETHERTYPE_NONE = 0;
export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
/** Transparent Ethernet Bridging (RFC 1701 §5): an Ethernet frame follows. */
export const ETHERTYPE_BRIDGED = 0x6558;
export const ETHERTYPE_VLAN = 0x8100;
export const ETHERTYPE_IPV6 = 0x86dd;
export const ETHERTYPE_PPP = 0x880b;
export const ETHERTYPE_MPLS = 0x8847;
export const ETHERTYPE_MPLS_MULTICAST = 0x8848;
export const ETHERTYPE_PPPOE_DISCOVERY = 0x8863;
export const ETHERTYPE_PPPOE_SESSION = 0x8864;
/** IEEE 802.1ad service tag. */
export const ETHERTYPE_QINQ = 0x88a8;
/** Service tags from before 802.1ad. */
export const ETHERTYPE_QINQ_OLD = 0x9100;
export const ETHERTYPE_QINQ_OLD2 = 0x9200;
/** IEEE 802.1ah backbone service tag. */
export const ETHERTYPE_PBB = 0x88e7;
/** Cisco FabricPath ("DCE"). */
export const ETHERTYPE_FABRICPATH = 0x8903;
/** Cisco VN-Tag. */
export const ETHERTYPE_VNTAG = 0x8926;
/** IEEE 802.1BR E-Tag. */
export const ETHERTYPE_ETAG = 0x893f;

/** Lowest value that is a type; 1500 and less is an 802.3 length (IEEE 802.3 §3.2.6). */
export const ETHERTYPE_LOWEST = 0x0600;
