import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const lustre = defineSignature({
  name: "lustre",
  label: "Lustre",
  category: "DataTransfer",
  transport: ["tcp"],
  ports: [988],
  firstOctets: [0x63, 0x00],
  source: "Lustre networking: acceptor and socket magic, little-endian",
  probe: ({ buf, off, end }) => {
    if (end - off < 16) return PROBE_NO;
    const magic = u32(buf, off);
    return magic === 0x6369_7245 || magic === 0x0071_ceac ? PROBE_YES : PROBE_NO;
  },
});
