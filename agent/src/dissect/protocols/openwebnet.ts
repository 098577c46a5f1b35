import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

/** The server's acknowledgement, which it begins with; commands, events and configuration asked for by the client. */
const BEGINNINGS = ["*#*1##", "*99*0##", "*99*1##", "*99*9##"] as const;

export const openwebnet = defineSignature({
  name: "openwebnet",
  label: "OpenWebNet",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [20000],
  firstOctets: firstOctetsOf("*"),
  source: "BTicino and Legrand Open Web Net, introduction: session opening",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
