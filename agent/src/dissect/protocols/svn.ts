import { defineSignature, probeBeginning } from "../signature.ts";

export const svn = defineSignature({
  name: "svn",
  label: "SVN",
  category: "Collaborative",
  transport: ["tcp"],
  ports: [3690],
  firstOctets: [0x28],
  source: "Subversion protocol: greeting of the server",
  probe: (slice) => probeBeginning(slice, "( success ( "),
});
