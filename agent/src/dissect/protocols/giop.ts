import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "GIOP\x01";

export const giop = defineSignature({
  name: "giop",
  label: "Corba",
  category: "RPC",
  transport: ["tcp"],
  ports: [],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "OMG CORBA 3.3 part 2 §9.4: GIOP message header",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
