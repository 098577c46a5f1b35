import { PROBE_NO } from "../define.ts";
import { defineSignature, probeBeginnings } from "../signature.ts";

const COMMANDS = [
  "LIST UPS\n",
  "LIST VAR ",
  "GET VAR ",
  "STARTTLS\n",
  "USERNAME ",
  "NETVER\n",
  "VER\n",
  "GET UPSDESC ",
  "BEGIN LIST UPS",
  "BEGIN LIST VAR",
] as const;

export const nut = defineSignature({
  name: "nut",
  label: "NUT",
  category: "System",
  transport: ["tcp"],
  ports: [3493],
  firstOctets: [],
  source: "RFC 9271 §4.2 (Network UPS Tools)",
  probe: (slice) => (slice.end > slice.off ? probeBeginnings(slice, COMMANDS) : PROBE_NO),
});
