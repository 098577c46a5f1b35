import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "PRI * HTTP/2.0\r\n";

export const http2 = defineSignature({
  name: "http2",
  label: "HTTP2",
  category: "Web",
  transport: ["tcp"],
  ports: [],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "RFC 9113 §3.4",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
