import { u8, u16 } from "../core/bytes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ipTypeAt } from "./inner.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured } from "./rest.ts";

export const GTP_USER_PORT = 2152;

const HEADER = 8;
const OPTIONAL = 4;
/** Version 1, protocol type GTP, reserved bit zero; the low three bits say which optional fields are there. */
const VERSION_1 = 0x30;
const HAS_ANY_OPTION = 0x07;
const HAS_EXTENSION = 0x04;
const USER_DATA = 255;
/** Extension headers followed; the specification has two for user data. */
const MAX_EXTENSIONS = 8;

/**
 * Opens a GTP-U datagram if it is one: version 1, a message of user data whose length fits, an IP packet in it.
 *
 * Returns  the EtherType of the packet, now the rest, or 0 with nothing changed.
 * Source   3GPP TS 29.281 §5.1: flags, type, length behind the first 8 octets, tunnel; then sequence (2), N-PDU (1), next extension (1) if any of
 *          E, S, PN is set; §5.2: an extension is its length in words, octets, next extension.
 */
export function openGtpUser(view: PacketView, counters: DecodeCounters): number {
  const available = captured(view);
  if (available < HEADER) return 0;
  const buf = view.buf;
  const off = view.payloadOff;
  const flags = u8(buf, off);
  if ((flags & 0xf8) !== VERSION_1 || u8(buf, off + 1) !== USER_DATA) return 0;
  if (HEADER + u16(buf, off + 2) > view.payloadWireLength) return 0;
  let skip = HEADER;
  if ((flags & HAS_ANY_OPTION) !== 0) {
    skip += OPTIONAL;
    if (available < skip) return 0;
    let next = (flags & HAS_EXTENSION) !== 0 ? u8(buf, off + skip - 1) : 0;
    for (let i = 0; next !== 0; i++) {
      if (i === MAX_EXTENSIONS || available < skip + 1) return 0;
      const length = u8(buf, off + skip) << 2;
      if (length === 0 || available < skip + length) return 0;
      skip += length;
      next = u8(buf, off + skip - 1);
    }
  }
  const type = ipTypeAt(view, skip);
  if (type === 0) return 0;
  counters.gtp++;
  advance(view, skip);
  return type;
}
