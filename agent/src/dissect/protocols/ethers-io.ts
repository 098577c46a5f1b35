import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["ESIO\0\0\0", "ESIO\0\x01\0", "ESIO\0\x02\0"] as const;

export const ethersIo = defineSignature({
  name: "ethers-io",
  label: "EtherSIO",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [6060],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "Saia Ether-S-I/O: header",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
