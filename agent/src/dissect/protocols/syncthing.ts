import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Version 4 of the local discovery, and those before it. */
const MAGICS: ReadonlySet<number> = new Set([0x2ea7_d90b, 0x7d79_bc40, 0x9d79_bc39, 0x9d79_bc40]);

export const syncthing = defineSignature({
  name: "syncthing",
  label: "Syncthing",
  category: "Download",
  transport: ["udp"],
  ports: [21027],
  firstOctets: [0x2e, 0x7d, 0x9d],
  source: "Syncthing specifications, Local Discovery Protocol v4",
  probe: ({ buf, off, end }) => (end - off >= 12 && MAGICS.has(u32(buf, off)) ? PROBE_YES : PROBE_NO),
});
