import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "@RSYNCD: ";

export const rsync = defineSignature({
  name: "rsync",
  label: "RSYNC",
  category: "DataTransfer",
  transport: ["tcp"],
  ports: [873],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "rsync daemon protocol, csprotocol.txt",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
