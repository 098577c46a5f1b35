import { u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const VERSION = 1;
/** Broadcast query … keep alive answer. */
const LAST_OPCODE = 14;

export const xdmcp = defineSignature({
  name: "xdmcp",
  label: "XDMCP",
  category: "RemoteAccess",
  transport: ["udp"],
  ports: [177],
  firstOctets: [],
  source: "X Display Manager Control Protocol 1.1 §4",
  probe: ({ buf, off, end }) => {
    if (end - off < 7 || u16(buf, off) !== VERSION || u16(buf, off + 4) !== end - off - 6) return PROBE_NO;
    const opcode = u16(buf, off + 2);
    return opcode >= 1 && opcode <= LAST_OPCODE ? PROBE_YES : PROBE_NO;
  },
});
