import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii, readJsonObject } from "../json-scan.ts";

/** The three messages with which a station announces itself hold these; all have both. */
const SERIAL = '"serial_number"';
const KINDS = [
  '"rapid_wind"',
  '"hub_status"',
  '"device_status"',
  '"obs_st"',
  '"obs_air"',
  '"obs_sky"',
  '"evt_',
] as const;

export const weatherflow = defineDeviceProtocol({
  name: "weatherflow",
  label: "WeatherFlow",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [50222],
  firstOctets: [],
  source: "WeatherFlow Tempest UDP Reference v171",
  probe: ({ buf, off, end }) => {
    if (end - off < 40 || buf[off] !== 0x7b || !containsAscii(buf, off, Math.min(end, off + 64), SERIAL))
      return PROBE_NO;
    for (const kind of KINDS) if (containsAscii(buf, off, Math.min(end, off + 128), kind)) return PROBE_YES;
    return PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const message = end - off > 2048 ? undefined : readJsonObject(buf, off, end);
    if (message?.serial_number === undefined || (message.type !== "hub_status" && message.type !== "device_status"))
      return;
    const firmware = message.firmware_revision;
    out.event(deviceTold(message.type, { vendor: "WeatherFlow", deviceId: message.serial_number, firmware }));
  },
});
