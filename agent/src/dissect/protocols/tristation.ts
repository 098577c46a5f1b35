import { u8, u16le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const tristation = defineSignature({
  name: "tristation",
  label: "TriStation",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [1502],
  firstOctets: [],
  source: "TriStation: kind, length, check",
  probe: ({ buf, off, end }) =>
    end - off >= 10 && u8(buf, off + 1) <= 1 && u16le(buf, off + 2) + 6 === end - off ? PROBE_YES : PROBE_NO,
});
