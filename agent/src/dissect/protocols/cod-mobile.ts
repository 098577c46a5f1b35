import { startsWithAscii } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const codMobile = defineSignature({
  name: "cod-mobile",
  label: "CoD_Mobile",
  category: "Game",
  transport: ["udp"],
  ports: [7500],
  firstOctets: [],
  source: "Call of Duty: Mobile, as observed by nDPI",
  probe: ({ buf, off, end }) => (end - off === 12 && startsWithAscii(buf, off + 8, end, "ping") ? PROBE_YES : PROBE_NO),
});
