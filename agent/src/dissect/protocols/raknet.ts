import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Where the sixteen octets that mark messages outside of a connection stand, by message. */
const MARK_AT: ReadonlyMap<number, number> = new Map([
  [0x01, 9],
  [0x02, 9],
  [0x05, 1],
  [0x06, 1],
  [0x07, 1],
  [0x08, 1],
  [0x19, 2],
  [0x1c, 17],
]);

const ACK = 0xc0;
const NACK = 0xa0;
const FRAME_SETS = Array.from({ length: 14 }, (_, low) => 0x80 | low);
/** Frames that are numbered, put in sequence, put in order, by reliability. */
const NUMBERED = [2, 3, 4, 6, 7];
const SEQUENCED = [1, 4];
const ORDERED = [1, 3, 4, 7];

export const raknet = defineSignature({
  name: "raknet",
  label: "RakNet",
  category: "Game",
  transport: ["udp"],
  ports: [19132],
  firstOctets: [...MARK_AT.keys(), ACK, NACK, ...FRAME_SETS],
  source: "RakNet 4, MessageIdentifiers.h and RakPeer.cpp (OFFLINE_MESSAGE_DATA_ID)",
  probe: ({ buf, off, end }) => {
    const first = u8(buf, off);
    if (first === ACK || first === NACK) return isRecords(buf, off, end) ? PROBE_YES : PROBE_NO;
    if (first >= 0x80) return isFrameSet(buf, off, end) ? PROBE_YES : PROBE_NO;
    const at = off + (MARK_AT.get(first) ?? end);
    if (at + 16 > end) return PROBE_NO;
    const isMark =
      u32(buf, at) === 0x00ff_ff00 &&
      u32(buf, at + 4) === 0xfefe_fefe &&
      u32(buf, at + 8) === 0xfdfd_fdfd &&
      u32(buf, at + 12) === 0x1234_5678;
    return isMark ? PROBE_YES : PROBE_NO;
  },
});

/** A count, then ranges (0, two numbers) and single numbers (1), to the datagram's very end. */
function isRecords(buf: Uint8Array, off: number, end: number): boolean {
  const count = end - off >= 7 ? u16(buf, off + 1) : 0;
  if (count === 0 || count > 64) return false;
  let at = off + 3;
  for (let n = 0; n < count; n++) {
    if (at >= end || u8(buf, at) > 1) return false;
    at += u8(buf, at) === 0 ? 7 : 4;
  }
  return at === end;
}

/** Frames of known kinds and lengths that fill the datagram; the first of a connection, whose number is small. */
function isFrameSet(buf: Uint8Array, off: number, end: number): boolean {
  if (end - off < 8 || u8(buf, off + 3) !== 0 || u16(buf, off + 1) > 0x4000) return false;
  let at = off + 4;
  for (let n = 0; at < end && n < 64; n++) {
    if (at + 3 > end) return false;
    const flags = u8(buf, at);
    const bits = u16(buf, at + 1);
    if ((flags & 15) !== 0 || bits === 0 || (bits & 7) !== 0) return false;
    const reliability = flags >>> 5;
    at += 3 + bits / 8;
    if (NUMBERED.includes(reliability)) at += 3;
    if (SEQUENCED.includes(reliability)) at += 3;
    if (ORDERED.includes(reliability)) at += 4;
    if ((flags & 0x10) !== 0) at += 10;
  }
  return at === end;
}
