import { defineSignature, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["8=FIX.", "8=FIXT.", "8=O\x01"] as const;

export const fix = defineSignature({
  name: "fix",
  label: "FIX",
  category: "RPC",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x38],
  source: "FIX 4.0 to 5.0 (FIXT 1.1): standard header",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
