import { u8, u16, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const COOKIE = 0x1a2b_3c4d;
const HEADER_OCTETS = 12;
const START_OCTETS = 156;
const START_REQUEST = 1;
const START_REPLY = 2;
const MAX_MESSAGE = 1024;

export const pptp = defineDeviceProtocol({
  name: "pptp",
  label: "PPTP",
  category: "VPN",
  transport: ["tcp"],
  ports: [1723],
  firstOctets: [0x00],
  source: "RFC 2637 §2.1, §2.2 (start of a control connection)",
  probe: ({ buf, off, end }) => {
    if (end - off < 4) return PROBE_NO;
    if (end - off < 8) return u8(buf, off) === 0 && u16(buf, off + 2) === 1 ? PROBE_MORE : PROBE_NO;
    return u16(buf, off) >= HEADER_OCTETS &&
      u16(buf, off) <= MAX_MESSAGE &&
      u16(buf, off + 2) === 1 &&
      u32(buf, off + 4) === COOKIE
      ? PROBE_YES
      : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    const octets = u16(buf, off);
    return octets >= HEADER_OCTETS && octets <= MAX_MESSAGE && u32(buf, off + 4) === COOKIE ? octets : -1;
  },
  tell({ buf, off, end }, out) {
    const type = u16(buf, off + 8);
    if (end - off < START_OCTETS || (type !== START_REQUEST && type !== START_REPLY)) return;
    // Host and vendor, 64 octets each, filled up with zeros.
    out.event(
      deviceTold(type === START_REQUEST ? "start request" : "start reply", {
        name: zeroEnded(buf, off + 28),
        vendor: zeroEnded(buf, off + 92),
        firmware: u16(buf, off + 26),
      }),
    );
  },
});

function zeroEnded(buf: Uint8Array, off: number): string {
  let stop = off;
  while (stop < off + 64 && u8(buf, stop) !== 0) stop++;
  return sanitizeOctets(buf, off, stop, 64);
}
