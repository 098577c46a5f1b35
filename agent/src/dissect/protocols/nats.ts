import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["INFO {", "CONNECT {"] as const;

export const nats = defineSignature({
  name: "nats",
  label: "Nats",
  category: "RPC",
  transport: ["tcp"],
  ports: [4222],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "NATS client protocol: INFO is sent by the server, CONNECT by the client",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
