import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["DAIKIN_UDP/", "ret=OK,type="] as const;

export const daikin = defineDeviceProtocol({
  name: "daikin",
  label: "Daikin",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [30000, 30050],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "Daikin BRP adapters, discovery (pydaikin)",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
  tell({ buf, off, end }, out) {
    const text = sanitizeOctets(buf, off, end, 1024);
    if (!text.startsWith(BEGINNINGS[1])) return;
    const field = (name: string): string | undefined => new RegExp(`[,]${name}=([^,]*)`).exec(text)?.[1];
    out.event(
      deviceTold("basic info", {
        vendor: "Daikin",
        model: field("type"),
        firmware: field("ver")?.replaceAll("_", "."),
        mac: field("mac"),
        deviceId: field("id"),
      }),
    );
  },
});
