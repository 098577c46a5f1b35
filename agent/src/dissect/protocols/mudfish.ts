import { defineSignature, probeBeginning } from "../signature.ts";

export const mudfish = defineSignature({
  name: "mudfish",
  label: "Mudfish",
  category: "Game",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x55],
  source: "Mudfish: question for nodes",
  probe: (slice) => probeBeginning(slice, "UN v2\r\n"),
});
