import { u16le, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 24;
/** NOP, list services, identity and interfaces, register and unregister session, send RR data and unit data. */
const COMMANDS: ReadonlySet<number> = new Set([0x00, 0x04, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70]);

export const enip = defineSignature({
  name: "enip",
  label: "EthernetIP",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [44818, 2222],
  firstOctets: [],
  source: "ODVA, CIP volume 2 §2-3 (encapsulation)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return PROBE_MORE;
    if (!COMMANDS.has(u16le(buf, off)) || u32(buf, off + 20) !== 0) return PROBE_NO;
    return u16le(buf, off + 2) === end - off - HEADER_OCTETS ? PROBE_YES : PROBE_NO;
  },
});
