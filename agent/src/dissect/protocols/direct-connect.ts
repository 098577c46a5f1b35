import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["$Lock EXTENDEDPROTOCOL", "$MyNick ", "HSUP AD", "CSUP AD"] as const;

export const directConnect = defineSignature({
  name: "direct-connect",
  label: "DirectConnect",
  category: "Download",
  transport: ["tcp"],
  ports: [411, 412],
  firstOctets: firstOctetsOf("$", "H", "C"),
  source: "NeoModus Direct Connect protocol (NMDC 1.3), ADC 1.0 §5.1",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
