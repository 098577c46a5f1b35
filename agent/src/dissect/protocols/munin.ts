import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "# munin node at ";

export const munin = defineSignature({
  name: "munin",
  label: "Munin",
  category: "System",
  transport: ["tcp"],
  ports: [4949],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Munin node protocol: its banner",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
