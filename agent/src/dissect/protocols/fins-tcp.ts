import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "FINS\0\0\0";

export const finsTcp = defineSignature({
  name: "fins-tcp",
  label: "FINS",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [9600],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Omron FINS/TCP: header",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
