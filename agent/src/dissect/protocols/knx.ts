import { u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const HEADER_OCTETS = 6;
const MAX_LENGTH = 1024;
/** Description of a device (§7.5.4.2): medium, status, address, installation, serial, multicast, MAC, name of 30 octets. */
const DEVICE_INFO = 0x01;
const DEVICE_INFO_OCTETS = 54;
const SERVICES: ReadonlyMap<number, string> = new Map([
  [0x0201, "search request"],
  [0x0202, "search response"],
  [0x0203, "description request"],
  [0x0204, "description response"],
  [0x0205, "connect request"],
  [0x0206, "connect response"],
  [0x0207, "connection state request"],
  [0x0209, "disconnect request"],
  [0x020b, "extended search request"],
  [0x020c, "extended search response"],
  [0x0310, "device configuration"],
  [0x0420, "tunnelling"],
  [0x0530, "routing"],
  [0x0531, "routing lost message"],
  [0x0532, "routing busy"],
  [0x0951, "secure session request"],
]);

export const knx = defineDeviceProtocol({
  name: "knx",
  label: "KNXnet_IP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [3671],
  firstOctets: [0x06],
  source: "KNX Standard 03/08/02 §2.3, §7.5 (KNXnet/IP core)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return end - off < 2 || u16(buf, off) === 0x0610 ? PROBE_MORE : PROBE_NO;
    if (u16(buf, off) !== 0x0610) return PROBE_NO;
    // Core, device management, tunnelling, routing, remote configuration, object server, security.
    const family = u16(buf, off + 2) >>> 8;
    const length = u16(buf, off + 4);
    if (family < 2 || family > 9 || length <= HEADER_OCTETS || length > MAX_LENGTH) return PROBE_NO;
    return length <= end - off ? PROBE_YES : PROBE_MORE;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    const length = u16(buf, off + 4);
    return u16(buf, off) === 0x0610 && length > HEADER_OCTETS ? length : -1;
  },
  tell({ buf, off, end }, out) {
    if (end - off < HEADER_OCTETS || u16(buf, off) !== 0x0610) return;
    const service = u16(buf, off + 2);
    const message = SERVICES.get(service);
    if (message === undefined) return;
    // A search is answered with the control endpoint first, a description is not.
    const isSearch = service === 0x0202 || service === 0x020c;
    let at = off + HEADER_OCTETS + (isSearch && end - off > HEADER_OCTETS ? u8(buf, off + HEADER_OCTETS) : 0);
    while (at + 2 <= end && (isSearch || service === 0x0204)) {
      const length = u8(buf, at);
      if (length < 2 || at + length > end) break;
      if (u8(buf, at + 1) === DEVICE_INFO && length === DEVICE_INFO_OCTETS) {
        const address = u16(buf, at + 4);
        out.event(
          deviceTold(message, {
            deviceId: hexText(buf, at + 8, 6),
            mac: hexText(buf, at + 18, 6),
            name: sanitizeOctets(buf, at + 24, at + DEVICE_INFO_OCTETS, 30),
            detail: `address ${address >>> 12}.${(address >>> 8) & 15}.${address & 255}`,
          }),
        );
        return;
      }
      at += length;
    }
    out.event(deviceTold(message));
  },
});
