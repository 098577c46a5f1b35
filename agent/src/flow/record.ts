/**
 * Layout of a flow in the table's columns. "Side" is which end sent a packet: 0 the end whose address (then port) is the lower one, 1 the other.
 * Hot record: 16 words, one cache line, all that is touched for every packet. Counters of 32 bits spill into the cold doubles before they are full.
 */

/** First address word of side 0 and of side 1. */
export const W_ADDRESS = 0;
/** Port of side 0 in the upper 16 bits, of side 1 in the lower; for ICMP type and identifier. */
export const W_PORTS = 2;
/** IP protocol, outer VLAN id << 8, inner VLAN id << 20. */
export const W_PROTO = 3;
/** Packets sent by side 0, then side 1; likewise octets on the wire and payload octets. */
export const W_PACKETS = 4;
export const W_BYTES = 6;
export const W_PAYLOAD = 8;
/** Words 10 and 11: time of the last packet, µs, as a double. */
export const W_LAST = 10;
export const W_STATE = 12;
/** OR of the TCP flags of side 0, << 8 those of side 1. */
export const W_TCP = 13;
/** Packet second at which the next `update` is due. */
export const W_UPDATE = 14;
/** Packets looked at in vain, and << 8 their octets. */
export const W_LOOKS = 15;

export const RECORD_SHIFT = 4;
export const RECORD_WORDS = 1 << RECORD_SHIFT;

/** Cold words, 16 a flow. Next expected TCP sequence number of side 0 and 1, valid with STATE_ISN. */
export const C_SEQUENCE = 0;
/** MACs of the first packet: source high, low, destination high, low. */
export const C_MACS = 2;
/** Rest of an IPv6 address: three words of side 0, three of side 1. */
export const C_ADDRESS = 6;
export const C_HASH = 12;

/** Cold doubles, 8 a flow. */
export const D_START = 0;
export const D_PACKETS = 2;
export const D_BYTES = 4;
export const D_PAYLOAD = 6;
export const COLD_SHIFT = 4;
export const DOUBLE_SHIFT = 3;

/** The client is side 1. */
export const STATE_CLIENT_HIGH = 1 << 0;
/** The first packet was sent by side 1: which MAC belongs to whom. */
export const STATE_FIRST_HIGH = 1 << 1;
export const STATE_IPV6 = 1 << 2;
export const STATE_HAS_MAC = 1 << 3;
export const STATE_ESTABLISHED = 1 << 4;
export const STATE_REFUSED = 1 << 5;
/** TCP: RST seen, or FIN from both. */
export const STATE_CLOSED = 1 << 6;
export const STATE_SYN = 1 << 7;
export const STATE_SYN_ACK = 1 << 8;
/** FIN sent by side 0; << 1 by side 1. */
export const STATE_FIN = 1 << 9;
/** C_SEQUENCE of side 0 is set; << 1 of side 1. */
export const STATE_ISN = 1 << 11;
/** Somebody still wants this flow's payload. */
export const STATE_WANTED = 1 << 13;
/** A stream of it holds segments that came too early: acknowledgements matter. */
export const STATE_HELD = 1 << 14;
/** Some packet carried payload. */
export const STATE_PAYLOAD = 1 << 15;

/** A 32-bit counter is spilled once one of these bits is set. */
export const SPILL_MASK = 0xc000_0000 | 0;
