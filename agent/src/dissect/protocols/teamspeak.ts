import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "TS3INIT1";

export const teamspeak = defineSignature({
  name: "teamspeak",
  label: "TeamSpeak",
  category: "VoIP",
  transport: ["udp"],
  ports: [9987],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "TeamSpeak 3 low-level initialisation (ReSpeak, ts3protocol.md)",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
