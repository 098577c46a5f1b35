import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "\xff\xff\xff\xff\x21\x4c\x5f\xa0";

export const steamDiscovery = defineSignature({
  name: "steam-discovery",
  label: "Steam",
  category: "Game",
  transport: ["udp"],
  ports: [27036],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Steam Remote Play discovery (Codingrange, In-Home Streaming discovery)",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
