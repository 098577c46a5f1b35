import { u8, u16le, u32le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 24;

export const kcp = defineSignature({
  name: "kcp",
  label: "KCP",
  category: "Network",
  transport: ["udp"],
  ports: [],
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "KCP: segment header",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < HEADER_OCTETS) return PROBE_NO;
    const command = u8(buf, off + 4);
    // Push, acknowledge, ask for the window, tell it; a window that is not empty; the rest of the datagram is data or further segments.
    if (command < 81 || command > 84 || u16le(buf, off + 6) === 0 || u32le(buf, off) === 0) return PROBE_NO;
    const data = u32le(buf, off + 20);
    if (command !== 81)
      return data === 0 &&
        u8(buf, off + 5) === 0 &&
        (length === HEADER_OCTETS || isNext(buf, off + HEADER_OCTETS, end, u32le(buf, off)))
        ? PROBE_YES
        : PROBE_NO;
    if (data === 0 || u32le(buf, off + 12) > 0x00ff_ffff) return PROBE_NO;
    return data === length - HEADER_OCTETS || isNext(buf, off + HEADER_OCTETS + data, end, u32le(buf, off))
      ? PROBE_YES
      : PROBE_NO;
  },
});

/** Segments of one datagram belong to one conversation. */
const isNext = (buf: Uint8Array, at: number, end: number, conversation: number): boolean =>
  at + HEADER_OCTETS <= end && u32le(buf, at) === conversation && u8(buf, at + 4) >= 81 && u8(buf, at + 4) <= 84;
