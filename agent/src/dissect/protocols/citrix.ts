import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "\x7f\x7fICA\0";

export const citrix = defineSignature({
  name: "ica",
  label: "Citrix",
  category: "Network",
  transport: ["tcp"],
  ports: [1494],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Citrix ICA, detection string of a session",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
