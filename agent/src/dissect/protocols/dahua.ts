import { u8, u32, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, readJsonObject } from "../json-scan.ts";

const HEADER_OCTETS = 32;
const DHIP_SIZE = 0x2000_0000;
const DHIP_NAME = 0x4448_4950;
/** Log-in of the older binary protocol: its command, and how its header ends. */
const LOGIN = 0xa0;
const LOGIN_END = 0x0000_a1aa;
const MAX_BODY = 8192;

export const dahua = defineDeviceProtocol({
  name: "dahua",
  label: "Dahua",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [37777, 37810],
  firstOctets: [0x20, LOGIN],
  source: "Dahua DVRIP and DHIP (mcw0, DahuaConsole), device discovery",
  probe: ({ buf, off, end }) => {
    const isDhip = u8(buf, off) === 0x20;
    if (!isDhip && u8(buf, off) !== LOGIN) return PROBE_NO;
    if (end - off < HEADER_OCTETS) {
      if (isDhip)
        return end - off < 8 || (u32(buf, off) === DHIP_SIZE && u32(buf, off + 4) === DHIP_NAME)
          ? PROBE_MORE
          : PROBE_NO;
      return end - off < 3 || u8(buf, off + 1) === 0 ? PROBE_MORE : PROBE_NO;
    }
    if (!isDhip) return u8(buf, off + 1) === 0 && u32(buf, off + 28) === LOGIN_END ? PROBE_YES : PROBE_NO;
    // The length of the text is told twice.
    const isHeader = u32(buf, off) === DHIP_SIZE && u32(buf, off + 4) === DHIP_NAME;
    return isHeader && u32le(buf, off + 16) === u32le(buf, off + 24) ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    const body = u32(buf, off) === DHIP_SIZE ? u32le(buf, off + 16) : u32le(buf, off + 4);
    return body <= MAX_BODY ? HEADER_OCTETS + body : -1;
  },
  tell({ buf, off, end }, out) {
    if (end - off < HEADER_OCTETS + 2 || u32(buf, off) !== DHIP_SIZE || end - off > MAX_BODY) return;
    const parameters = asObject(readJsonObject(buf, off + HEADER_OCTETS, end)?.params);
    const info = asObject(parameters?.deviceInfo);
    if (info === undefined) return;
    out.event(
      deviceTold("discovery", {
        vendor: info.Vendor,
        model: info.DeviceType,
        firmware: info.Version,
        deviceId: info.SerialNo,
        name: info.MachineName,
        mac: parameters?.mac,
      }),
    );
  },
});
