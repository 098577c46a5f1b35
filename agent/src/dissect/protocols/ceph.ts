import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["ceph v027", "ceph v2\n"] as const;

export const ceph = defineSignature({
  name: "ceph",
  label: "Ceph",
  category: "DataTransfer",
  transport: ["tcp"],
  ports: [6789],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "Ceph messenger 1 and 2: banners",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
