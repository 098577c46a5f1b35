import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii, readJsonObject } from "../json-scan.ts";

const SEARCH = '"scan"';
const PACK = '"pack"';

export const gree = defineDeviceProtocol({
  name: "gree",
  label: "Gree",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [7000],
  firstOctets: [],
  source: "Gree air conditioners, Wi-Fi protocol (tomikaa87, gree-remote)",
  probe: ({ buf, off, end }) => {
    if (end - off < 12 || buf[off] !== 0x7b || !containsAscii(buf, off, end, '"t"')) return PROBE_NO;
    if (containsAscii(buf, off, Math.min(end, off + 24), SEARCH)) return PROBE_YES;
    return containsAscii(buf, off, end, PACK) && containsAscii(buf, off, end, '"cid"') ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end, toServer }, out) {
    const message = toServer || end - off > 2048 ? undefined : readJsonObject(buf, off, end);
    // The device's id is its MAC; what it says beyond is sealed.
    if (typeof message?.cid === "string")
      out.event(deviceTold("answer", { vendor: "Gree", mac: message.cid, deviceId: message.cid }));
  },
});
