import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "AMXB<-";

export const amxDdp = defineDeviceProtocol({
  name: "amx-ddp",
  label: "AMX-DDP",
  category: "Media",
  transport: ["udp"],
  ports: [9131],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "AMX Dynamic Device Discovery beacon (Harman); Global Cache iTach API §2",
  probe: (slice) => probeBeginning(slice, BEGINNING),
  tell({ buf, off, end }, out) {
    const text = sanitizeOctets(buf, off, end, 512);
    const field = (name: string): string | undefined => new RegExp(`<-${name}=([^>]*)>`).exec(text)?.[1];
    out.event(
      deviceTold("beacon", {
        vendor: field("Make"),
        model: field("Model"),
        firmware: field("Revision"),
        deviceId: field("UUID"),
      }),
    );
  },
});
