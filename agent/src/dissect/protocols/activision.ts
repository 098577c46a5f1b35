import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const activision = defineSignature({
  name: "activision",
  label: "Activision",
  category: "Game",
  transport: ["udp"],
  ports: [3074, 3075],
  firstOctets: [0x0c, 0x0d],
  source: "Demonware, as observed by nDPI",
  probe: ({ buf, off, end, toServer }) =>
    end - off >= 18 && u8(buf, off + 1) === 2 && u8(buf, off) === (toServer ? 0x0c : 0x0d) ? PROBE_YES : PROBE_NO,
});
