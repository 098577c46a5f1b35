import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "NXSH-";

export const nomachine = defineSignature({
  name: "nomachine",
  label: "NoMachine",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [4000],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "NX protocol, greeting of NoMachine 4 and later",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
