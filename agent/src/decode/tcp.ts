import { u8, u16, u32 } from "../core/bytes.ts";
import { DECODE_BAD_LENGTH, DECODE_OK, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import type { PacketView } from "./packet-view.ts";
import { tooShort } from "./rest.ts";

const MIN_HEADER = 20;

/**
 * Decodes the TCP header at the start of the rest; the segment's data become the rest. Options are read by who wants them, between
 * `l4Off + 20` and `payloadOff`.
 *
 * Returns  DECODE_OK, also when the snap length cut the options; DECODE_BAD_LENGTH (Data Offset below 5 or past the segment) or
 *          DECODE_HEADER_CUT, `view` untouched.
 * Source   RFC 9293 §3.1. `tcpFlags` holds CWR and ECE too.
 */
export function decodeTcp(view: PacketView, counters: DecodeCounters): DecodeCode {
  const off = view.payloadOff;
  const end = view.payloadEnd;
  if (end - off < MIN_HEADER) return tooShort(view, MIN_HEADER);
  const buf = view.buf;
  const header = (u8(buf, off + 12) >>> 4) << 2;
  if (header < MIN_HEADER) return DECODE_BAD_LENGTH;
  const wire = view.payloadWireLength;
  if (header > wire) return DECODE_BAD_LENGTH;
  counters.tcp++;
  view.srcPort = u16(buf, off);
  view.dstPort = u16(buf, off + 2);
  view.tcpSeq = u32(buf, off + 4);
  view.tcpAck = u32(buf, off + 8);
  view.tcpFlags = u8(buf, off + 13);
  view.tcpWindow = u16(buf, off + 14);
  view.hasTransport = 1;
  view.payloadWireLength = wire - header;
  // With options cut by the snap length nothing of the data was captured.
  view.payloadOff = Math.min(off + header, end);
  return DECODE_OK;
}
