import { PROBE_NO } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "TiVoConnect=";

export const tivo = defineSignature({
  name: "tivo",
  label: "TiVoConnect",
  category: "Network",
  transport: ["udp", "tcp"],
  ports: [2190],
  firstOctets: firstOctetsOf(BEGINNING, "t"),
  source: "TiVo Connect Automatic Machine Discovery Protocol 1.5.1 §2",
  probe: (slice) => {
    // Names are in any case (§2.2); these are the two that are sent.
    const code = probeBeginning(slice, BEGINNING);
    return code === PROBE_NO ? probeBeginning(slice, BEGINNING.toLowerCase()) : code;
  },
});
