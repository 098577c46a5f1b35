import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const LAST_FUNCTION = 0x0c;

export const bacnet = defineSignature({
  name: "bacnet",
  label: "BACnet",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [47808],
  firstOctets: [0x81],
  source: "ASHRAE 135, annex J (BACnet/IP)",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (end - off < 6 || u8(buf, off) !== 0x81 || u16(buf, off + 2) !== end - off) return PROBE_NO;
    const code = u8(buf, off + 1);
    if (code > LAST_FUNCTION) return PROBE_NO;
    // Original unicast and broadcast carry a network message of version 1; the others are for the link itself.
    if (code === 0x0a || code === 0x0b) return u8(buf, off + 4) === 1 ? PROBE_YES : PROBE_NO;
    return serverPort === 47808 ? PROBE_YES : PROBE_NO;
  },
});
