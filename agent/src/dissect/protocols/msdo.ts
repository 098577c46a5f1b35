import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "\x0eSwarm protocol";

export const msdo = defineSignature({
  name: "msdo",
  label: "MSDO",
  category: "SoftwareUpdate",
  transport: ["tcp"],
  ports: [7680],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Windows Delivery Optimization: handshake between peers",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
