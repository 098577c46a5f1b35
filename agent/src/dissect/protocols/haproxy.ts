import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN", "\r\n\r\n\0\r\nQUIT\n"] as const;

export const haproxy = defineSignature({
  name: "haproxy",
  label: "HAProxy",
  category: "Web",
  transport: ["tcp"],
  ports: [],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "PROXY protocol versions 1 and 2",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
