import { defineSignature, probeBeginnings } from "../signature.ts";

/** The universal exit language, with or without a command behind it. */
const BEGINNINGS = ["\x1b%-12345X@PJL", "\x1b%-12345X", "@PJL "] as const;

export const pjl = defineSignature({
  name: "pjl",
  label: "PJL",
  category: "System",
  transport: ["tcp"],
  ports: [9100],
  firstOctets: [0x1b, 0x40],
  source: "HP Printer Job Language Technical Reference §2 (UEL)",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
