import { u8, u16, u16le, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const PORT = 5938;
/** The two generations of packets that TeamViewer's streams carry. */
const FIRST = 0x1724;
const SECOND = 0x1130;

export const teamviewer = defineSignature({
  name: "teamviewer",
  label: "TeamViewer",
  category: "RemoteAccess",
  transport: ["tcp", "udp"],
  ports: [PORT],
  firstOctets: [0x17, 0x11, 0x00],
  source: "TeamViewer stream packets (Tenable, Emerging Threats: TeamViewer keep-alive)",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (end - off < 5) return PROBE_MORE;
    // Over UDP eleven octets come before, zero at first.
    if (u8(buf, off) === 0)
      return end - off >= 24 && u32(buf, off) === 0 && u32(buf, off + 4) === 0 && u16(buf, off + 11) === FIRST
        ? PROBE_YES
        : PROBE_NO;
    const magic = u16(buf, off);
    if (magic !== FIRST && magic !== SECOND) return PROBE_NO;
    if (serverPort === PORT) return PROBE_YES;
    // Command, then the length of what follows; elsewhere the packet must fill the segment.
    return u8(buf, off + 2) < 0x80 && u16le(buf, off + 3) === end - off - 5 ? PROBE_YES : PROBE_NO;
  },
});
