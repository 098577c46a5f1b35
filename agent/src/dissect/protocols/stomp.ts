import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["CONNECT\n", "STOMP\n", "CONNECTED\n", "CONNECT\r\n", "STOMP\r\n"] as const;

export const stomp = defineSignature({
  name: "stomp",
  label: "STOMP",
  category: "RPC",
  transport: ["tcp"],
  ports: [61613],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "STOMP 1.2, CONNECT and STOMP frames",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
