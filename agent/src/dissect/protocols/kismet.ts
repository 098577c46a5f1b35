import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "*KISMET: ";

export const kismet = defineSignature({
  name: "kismet",
  label: "Kismet",
  category: "Network",
  transport: ["tcp"],
  ports: [2501],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Kismet client and server protocol, greeting",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
