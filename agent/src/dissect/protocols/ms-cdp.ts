import { u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const SIGNATURE = 0x3030;
const VERSION = 3;
const DISCOVERY = 1;
const LAST_TYPE = 8;
/** Up to the end of the additional headers when there are none. */
const HEADER_OCTETS = 42;
const PRESENCE_RESPONSE = 1;
const MAX_MESSAGE = 16_000;

export const msCdp = defineDeviceProtocol({
  name: "ms-cdp",
  label: "MS-CDP",
  category: "System",
  transport: ["udp", "tcp"],
  ports: [5040, 5050],
  firstOctets: [0x30],
  source: "MS-CDP §2.2.2.1 (common header), §2.2.2.2 (discovery)",
  probe: ({ buf, off, end }) => {
    if (end - off < 6) return end - off < 2 || u16(buf, off) === SIGNATURE ? PROBE_MORE : PROBE_NO;
    const isHeader = u16(buf, off) === SIGNATURE && u8(buf, off + 4) === VERSION && u8(buf, off + 5) <= LAST_TYPE;
    return isHeader && u16(buf, off + 2) >= HEADER_OCTETS && u8(buf, off + 5) > 0 ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < 4) return 0;
    const octets = u16(buf, off + 2);
    return u16(buf, off) === SIGNATURE && octets >= HEADER_OCTETS && octets <= MAX_MESSAGE ? octets : -1;
  },
  tell({ buf, off, end }, out) {
    const name = off + HEADER_OCTETS + 7;
    if (end < name || u8(buf, off + 5) !== DISCOVERY || u8(buf, off + HEADER_OCTETS) !== PRESENCE_RESPONSE) return;
    const stop = name + u16(buf, name - 2);
    if (stop > end) return;
    out.event(
      deviceTold("presence", {
        vendor: "Microsoft",
        name: sanitizeOctets(buf, name, stop, 64),
        detail: `device type ${u16(buf, off + HEADER_OCTETS + 3)}`,
      }),
    );
  },
});
