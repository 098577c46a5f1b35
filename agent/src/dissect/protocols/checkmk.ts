import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "<<<check_mk>>>";

export const checkmk = defineSignature({
  name: "checkmk",
  label: "CHECKMK",
  category: "DataTransfer",
  transport: ["tcp"],
  ports: [6556],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Checkmk agent output: its first section",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
