import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const GREETINGS = ["PJLINK 0\r", "PJLINK 1 ", "PJLINK ERRA\r"] as const;

export const pjlink = defineSignature({
  name: "pjlink",
  label: "PJLink",
  category: "Media",
  transport: ["tcp"],
  ports: [4352],
  firstOctets: firstOctetsOf("PJLINK"),
  source: "PJLink Specifications 5.1 (authentication procedure)",
  probe: (slice) => probeBeginnings(slice, GREETINGS),
});
