import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDeviceProtocol, lineLength } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

/** Greetings of the configuration adapter and of the LAN gateway; both name version and serial. */
const BEGINNINGS = ["HHM-LAN-IF,", "H00,01,eQ3-"] as const;

export const homematicLan = defineDeviceProtocol({
  name: "homematic-lan",
  label: "HomeMatic",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [1000],
  firstOctets: firstOctetsOf("H"),
  source: "eQ-3 HM-CFG-LAN and HM-LGW-O-TW-W-EU (FHEM: HMLAN, HMUARTLGW; hmland)",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
  length: lineLength,
  tell({ buf, off, end }, out) {
    const parts = sanitizeOctets(buf, off, end, 128).trim().split(",");
    if (parts[0] === "HHM-LAN-IF")
      out.event(deviceTold("hello", { vendor: "eQ-3", model: "HM-CFG-LAN", firmware: parts[1], deviceId: parts[2] }));
    else if (parts[0] === "H00")
      out.event(deviceTold("hello", { vendor: "eQ-3", model: parts[2], firmware: parts[3], deviceId: parts[4] }));
  },
});
