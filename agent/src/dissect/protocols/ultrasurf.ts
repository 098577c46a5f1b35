import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "\xcc\x1c\x30\x41\x5b\xa4\x38\x66";

export const ultrasurf = defineSignature({
  name: "ultrasurf",
  label: "UltraSurf",
  category: "VPN",
  transport: ["tcp"],
  ports: [],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "UltraSurf: first octets of its own cipher stream, as observed by nDPI",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
