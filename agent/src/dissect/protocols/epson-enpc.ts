import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

/** Questions and answers about printers. */
const BEGINNINGS = ["EPSONP", "EPSONQ", "EPSONp", "EPSONq"] as const;

export const epsonEnpc = defineSignature({
  name: "epson-enpc",
  label: "Epson",
  category: "System",
  transport: ["udp"],
  ports: [3289],
  firstOctets: firstOctetsOf("EPSON"),
  source: "Epson ENPC (SANE, epson2_net; Nmap)",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
