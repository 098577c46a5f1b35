import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const QUESTION = "_logitech-reverse-bonjour._tcp.local.";

export const harmony = defineSignature({
  name: "harmony",
  label: "Harmony",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [5224],
  firstOctets: firstOctetsOf(QUESTION),
  source: "Logitech Harmony Hub discovery (harmonyhubjs-discover)",
  probe: (slice) => probeBeginning(slice, QUESTION),
});
