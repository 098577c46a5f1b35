/**
 * How far a frame could be decoded. 0 and above: every header was good, the view can be used in full. Below 0: the layer that failed left the
 * view untouched, so the layers under it still stand (`ipVersion`, `ipProto` and `hasTransport` say how far it got).
 */
export const DECODE_OK = 0;
/** Every header was read, but the packet says it is longer than what was captured: `payloadEnd` is where the capture ends. */
export const DECODE_TRUNCATED = 1;
/** A version field that the layer does not know. */
export const DECODE_BAD_VERSION = -1;
/** Length fields contradict each other, or the frame on the wire is too short for the header. The receiver drops such a packet too. */
export const DECODE_BAD_LENGTH = -2;
/** The snap length ended inside a header. */
export const DECODE_HEADER_CUT = -3;
/** Nothing wrong, but what comes next is no protocol that is read here (LLDP, EAPOL, STP, PPP control, an unknown link type). */
export const DECODE_UNSUPPORTED = -4;
/** The payload is encrypted at the link layer (802.11 protected frame). */
export const DECODE_ENCRYPTED = -5;
/** More tags, labels, extension headers or tunnels than are followed. */
export const DECODE_TOO_DEEP = -6;
/** A field holds what it never may (PPP framing, ARP hardware type, radiotap). */
export const DECODE_BAD_HEADER = -7;

export type DecodeCode =
  | typeof DECODE_OK
  | typeof DECODE_TRUNCATED
  | typeof DECODE_BAD_VERSION
  | typeof DECODE_BAD_LENGTH
  | typeof DECODE_HEADER_CUT
  | typeof DECODE_UNSUPPORTED
  | typeof DECODE_ENCRYPTED
  | typeof DECODE_TOO_DEEP
  | typeof DECODE_BAD_HEADER;
