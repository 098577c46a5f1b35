import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "JRMI\0\x02";

export const jrmi = defineSignature({
  name: "jrmi",
  label: "JRMI",
  category: "RPC",
  transport: ["tcp"],
  ports: [1099],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Java Remote Method Invocation wire protocol, out: header and version",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
