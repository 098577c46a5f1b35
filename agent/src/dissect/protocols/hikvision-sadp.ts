import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii } from "../json-scan.ts";
import { elementText, xmlText } from "../xml-scan.ts";

export const hikvisionSadp = defineDeviceProtocol({
  name: "hikvision-sadp",
  label: "Hikvision",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [37020],
  firstOctets: [0x3c],
  source: "Hikvision Search Active Devices Protocol, inquiry and its answer (public captures)",
  probe: ({ buf, off, end }) => {
    if (end - off < 32 || buf[off] !== 0x3c) return PROBE_NO;
    const stop = Math.min(end, off + 200);
    const isProbe = containsAscii(buf, off, stop, "<Probe>") || containsAscii(buf, off, stop, "<ProbeMatch>");
    return isProbe && containsAscii(buf, off, stop, "<Uuid>") ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const xml = xmlText(buf, off, end);
    if (!xml.includes("<ProbeMatch>")) return;
    out.event(
      deviceTold("match", {
        vendor: "Hikvision",
        model: elementText(xml, "DeviceDescription"),
        firmware: elementText(xml, "SoftwareVersion"),
        deviceId: elementText(xml, "DeviceSN"),
        mac: elementText(xml, "MAC"),
      }),
    );
  },
});
