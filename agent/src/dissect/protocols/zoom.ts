import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const FIRST_PORT = 8801;
const LAST_PORT = 8810;
const MEDIA = 5;
const HEADER_OCTETS = 8;
/** Screen sharing, sound, video, and reports of both (the paper's table 2). */
const KINDS: ReadonlySet<number> = new Set([13, 15, 16, 30, 33, 34, 35]);

export const zoom = defineSignature({
  name: "zoom",
  label: "Zoom",
  category: "Video",
  transport: ["udp"],
  ports: [8801, 8802, 8803, 8804, 8805, 8806, 8807, 8808, 8809, 8810],
  firstOctets: [],
  source: "Michel et al., Enabling Passive Measurement of Zoom Performance (IMC 2022), §4.2",
  probe: ({ buf, off, end }, { serverPort, clientPort }) => {
    const port = serverPort >= FIRST_PORT && serverPort <= LAST_PORT ? serverPort : clientPort;
    if (port < FIRST_PORT || port > LAST_PORT || end - off <= HEADER_OCTETS) return PROBE_NO;
    const first = u8(buf, off);
    if (first === MEDIA) return KINDS.has(u8(buf, off + HEADER_OCTETS)) ? PROBE_YES : PROBE_NO;
    // Messages that open the way: kind 1 to 4, then a number that is small, most of it zeros.
    return first >= 1 && first <= 4 && u16(buf, off + 1) < 256 ? PROBE_YES : PROBE_NO;
  },
});
