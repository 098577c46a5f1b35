import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["RTPS\x01", "RTPS\x02"] as const;

export const rtps = defineSignature({
  name: "rtps",
  label: "RTPS",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [7400, 7410, 7411],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "OMG DDSI-RTPS 2.5 §8.3.3: header",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
