import { u8, u32 } from "../../core/bytes.ts";
import { defineDissector, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** The header of one message of IKE. */
export interface IkeEvent {
  readonly major: 1 | 2;
  readonly minor: number;
  /** RFC 7296 §3.1: 34 SA_INIT, 35 AUTH, 36 child, 37 informational; RFC 2408 §3.1: 2 main, 4 aggressive, 5 informational, 32 quick. */
  readonly exchange: number;
  readonly messageId: number;
  readonly isResponse: boolean;
  readonly initiatorSpi: string;
  readonly responderSpi: string;
}

const HEADER_OCTETS = 28;
/** On port 4500 four zeros set IKE apart from ESP (RFC 3948 §2.2). */
const MARK_OCTETS = 4;

export const ike = defineDissector<IkeEvent, null>()({
  name: "ike",
  label: "IPSec",
  category: "VPN",
  transport: ["udp"],
  ports: [500, 4500],
  firstOctets: [],
  anomalies: [],
  source: "RFC 7296 §3.1, RFC 2408 §3.1, RFC 3948 §2",
  probe: ({ buf, off, end }, { serverPort, clientPort }) => {
    if (headerAt(buf, off, end) >= 0) return PROBE_YES;
    // ESP in UDP: an index that is not reserved, number 1 or soon after, or the keep-alive's one octet.
    if (serverPort !== 4500 && clientPort !== 4500) return PROBE_NO;
    if (end - off === 1) return u8(buf, off) === 0xff ? PROBE_YES : PROBE_NO;
    return end - off >= 32 && u32(buf, off) > 255 && u32(buf, off + 4) < 0x1_0000 ? PROBE_YES : PROBE_NO;
  },
  open: () => null,
  parse(_state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const at = headerAt(buf, off, end);
    if (at < 0) return PARSE_MORE;
    const version = u8(buf, at + 17);
    const flags = u8(buf, at + 19);
    out.event({
      major: version >>> 4 === 1 ? 1 : 2,
      minor: version & 15,
      exchange: u8(buf, at + 18),
      messageId: u32(buf, at + 20),
      // Version 1 has no such flag; there the responder's cookie tells that an answer was given.
      isResponse: version >>> 4 === 2 ? (flags & 0x20) !== 0 : !slice.toServer,
      initiatorSpi: spi(buf, at),
      responderSpi: spi(buf, at + 8),
    });
    return PARSE_MORE;
  },
  eve: (event) => ({
    event_type: "ike",
    ike: {
      version_major: event.major,
      version_minor: event.minor,
      init_spi: event.initiatorSpi,
      resp_spi: event.responderSpi,
      message_id: event.messageId,
      exchange_type: event.exchange,
    },
  }),
});

const spi = (buf: Uint8Array, at: number): string =>
  u32(buf, at).toString(16).padStart(8, "0") +
  u32(buf, at + 4)
    .toString(16)
    .padStart(8, "0");

/** Where the header stands, -1 = nowhere: version, exchange and length must fit. */
function headerAt(buf: Uint8Array, off: number, end: number): number {
  const at = end - off > MARK_OCTETS && u32(buf, off) === 0 ? off + MARK_OCTETS : off;
  if (end - at < HEADER_OCTETS || u32(buf, at + 24) !== end - at) return -1;
  const version = u8(buf, at + 17);
  const exchange = u8(buf, at + 18);
  if (version === 0x20) return exchange >= 34 && exchange <= 47 ? at : -1;
  return version === 0x10 && (exchange <= 6 || exchange === 32 || exchange === 33) && exchange > 0 ? at : -1;
}
