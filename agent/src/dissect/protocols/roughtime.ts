import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "ROUGHTIM";

export const roughtime = defineSignature({
  name: "roughtime",
  label: "Roughtime",
  category: "System",
  transport: ["udp"],
  ports: [2002],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Roughtime: framing of the IETF protocol",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
