import { u8, u16 } from "../../core/bytes.ts";
import {
  DATAGRAM_BAD,
  DATAGRAM_EMPTY,
  DATAGRAM_FRAME,
  DATAGRAM_KEYS,
  type DatagramConfig,
  DatagramSource,
  parseDatagramConfig,
} from "../datagram-source.ts";
import { defineSource, type FrameSink } from "../define.ts";
import { checkSourceKeys } from "../source-keys.ts";

const TYPE = "tzsp";
/** MikroTik's default (streaming-server); not registered with IANA. */
const PORT = 37_008;
const HEADER = 4;
const VERSION = 1;
const TYPE_RECEIVED = 0;
const TYPE_TRANSMIT = 1;
const TYPE_KEEPALIVE = 4;
const TYPE_PORT_OPENER = 5;
const TAG_PADDING = 0;
const TAG_END = 1;
/** Length on the wire of a frame that was sliced, 2 octets. */
const TAG_ORIGINAL_LENGTH = 41;

/**
 * Mirrored packets in TZSP, as MikroTik's sniffer and its mangle action `sniff-tzsp` send them, and some access points.
 *
 * Source   There is no RFC: "TZSP" of Network Chemistry as read by Wireshark (packet-tzsp.c) and Kismet: version, type, protocol (16 bits), then
 *          tags up to the one that ends the list; padding and end are one octet, all others have a length octet.
 */
export const tzsp = defineSource<DatagramConfig>({
  type: TYPE,
  parse(config) {
    checkSourceKeys(config, TYPE, DATAGRAM_KEYS);
    return parseDatagramConfig(config, TYPE, PORT);
  },
  open: (config, context) => new DatagramSource(TYPE, config, context, unwrapTzsp),
});

export function unwrapTzsp(datagram: Uint8Array, size: number, sink: FrameSink, atUs: number): number {
  if (size < HEADER || u8(datagram, 0) !== VERSION) return DATAGRAM_BAD;
  const type = u8(datagram, 1);
  if (type === TYPE_KEEPALIVE || type === TYPE_PORT_OPENER) return DATAGRAM_EMPTY;
  if (type !== TYPE_RECEIVED && type !== TYPE_TRANSMIT) return DATAGRAM_BAD;
  const linkType = linkTypeOf(u16(datagram, 2));
  if (linkType < 0) return DATAGRAM_BAD;
  let wireLength = 0;
  let off = HEADER;
  for (;;) {
    if (off >= size) return DATAGRAM_BAD;
    const tag = u8(datagram, off++);
    if (tag === TAG_END) break;
    if (tag === TAG_PADDING) continue;
    if (off >= size) return DATAGRAM_BAD;
    const length = u8(datagram, off++);
    if (off + length > size) return DATAGRAM_BAD;
    if (tag === TAG_ORIGINAL_LENGTH && length === 2) wireLength = u16(datagram, off);
    off += length;
  }
  if (off === size) return DATAGRAM_EMPTY;
  sink.frame(datagram, off, size, Math.max(wireLength, size - off), linkType, atUs);
  return DATAGRAM_FRAME;
}

/** LINKTYPE_ of what is encapsulated, or -1 for what is not read here. */
function linkTypeOf(protocol: number): number {
  switch (protocol) {
    case 1:
      return 1;
    case 4:
      return 9;
    case 18:
      return 105;
    case 119:
      return 119;
    case 127:
      return 163;
    default:
      return -1;
  }
}
