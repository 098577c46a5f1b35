import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "\0NETCODE 1.";

export const netcode = defineSignature({
  name: "netcode",
  label: "Yojimbo",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "netcode 1.02: connection request",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
