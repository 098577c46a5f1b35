import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, asText, containsAscii, readJsonObject } from "../json-scan.ts";

export const govee = defineDeviceProtocol({
  name: "govee",
  label: "Govee",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [4001, 4002, 4003],
  firstOctets: [0x7b],
  source: "Govee WLAN guide: scan, devStatus, turn, brightness, colorwc",
  probe: ({ buf, off, end }) => {
    if (end - off < 16) return PROBE_NO;
    const stop = Math.min(end, off + 40);
    return containsAscii(buf, off, off + 10, '"msg"') && containsAscii(buf, off, stop, '"cmd"') ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const message = end - off > 2048 ? undefined : asObject(readJsonObject(buf, off, end)?.msg);
    const command = asText(message?.cmd);
    const data = asObject(message?.data);
    if (command !== "scan" || data?.sku === undefined) return;
    out.event(
      deviceTold(command, { vendor: "Govee", model: data.sku, firmware: data.wifiVersionSoft, deviceId: data.device }),
    );
  },
});
