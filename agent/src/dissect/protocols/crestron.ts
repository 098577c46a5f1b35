import { u8, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

/** Question and answer of the search: kind, zeros, version, the name at octet 10. */
const QUESTION = 0x1400_0000;
const ANSWER = 0x1500_0000;
const NAME = 10;
const NAME_OCTETS = 256;

export const crestron = defineDeviceProtocol({
  name: "crestron",
  label: "Crestron",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [41794],
  firstOctets: [QUESTION >>> 24, ANSWER >>> 24],
  source: "Crestron autodiscovery (Nmap; R. Spangler, DEF CON 26)",
  probe: ({ buf, off, end }) => {
    if (end - off < NAME + NAME_OCTETS) return PROBE_NO;
    const kind = u32(buf, off);
    return (kind === QUESTION || kind === ANSWER) && u8(buf, off + 4) === 1 && u8(buf, off + 5) === 4
      ? PROBE_YES
      : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < NAME + NAME_OCTETS || u32(buf, off) !== ANSWER) return;
    out.event(
      deviceTold("answer", {
        vendor: "Crestron",
        name: sanitizeOctets(buf, off + NAME, zeroAt(buf, off + NAME, off + NAME + NAME_OCTETS), 64),
        model: sanitizeOctets(buf, off + NAME + NAME_OCTETS, zeroAt(buf, off + NAME + NAME_OCTETS, end), 64),
      }),
    );
  },
});

function zeroAt(buf: Uint8Array, off: number, end: number): number {
  for (let at = off; at < end; at++) if (u8(buf, at) === 0) return at;
  return end;
}
