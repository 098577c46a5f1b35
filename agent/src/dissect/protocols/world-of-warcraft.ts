import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "WORLD OF WARCRAFT CONNECTION";

export const worldOfWarcraft = defineSignature({
  name: "world-of-warcraft",
  label: "WorldOfWarcraft",
  category: "Game",
  transport: ["tcp"],
  ports: [3724, 8085],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "World of Warcraft: greeting of realm servers and clients",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
