import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "\x0bMSH|";

export const hl7 = defineSignature({
  name: "hl7",
  label: "HL7",
  category: "Health",
  transport: ["tcp"],
  ports: [2575],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "HL7 minimal lower layer protocol: start block and message header",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
