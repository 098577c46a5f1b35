import { defineSignature, probeBeginnings } from "../signature.ts";

/** Versions 2 and 3: marker, length of one octet, check sum of the data, data. */
const GREETINGS = ["\x01\0\0\0\x01\0\0\0\x08\x08", "\x01\0\0\0\x01\0\0\0\x1b\x1b"] as const;

export const radmin = defineSignature({
  name: "radmin",
  label: "Radmin",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [4899],
  firstOctets: [0x01],
  source: "Radmin 2 and 3, first message of the client (Nmap, radmin probe)",
  probe: (slice) => probeBeginnings(slice, GREETINGS),
});
