import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "ISO11898";

export const canOverIp = defineSignature({
  name: "can-over-ip",
  label: "Controller_Area_Network",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "CAN over IP by its head",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
