import { startsWithAscii } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const ripeAtlas = defineSignature({
  name: "ripe-atlas",
  label: "RipeAtlas",
  category: "Network",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x4d],
  source: "RIPE Atlas probes of Magellan: mark",
  probe: ({ buf, off, end }) => (end - off === 25 && startsWithAscii(buf, off, end, "MGLNDD") ? PROBE_YES : PROBE_NO),
});
