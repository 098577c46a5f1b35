import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "SpotUdp";

export const spotifyLan = defineSignature({
  name: "spotify-lan",
  label: "Spotify",
  category: "Music",
  transport: ["udp"],
  ports: [57621],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Spotify's peer discovery, as its clients send it",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
