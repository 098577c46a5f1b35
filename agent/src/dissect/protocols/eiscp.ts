import { startsWithAscii, u8, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "ISCP\0\0\0\x10";
const HEADER_OCTETS = 16;
const MAX_DATA = 4096;

export const eiscp = defineDeviceProtocol({
  name: "eiscp",
  label: "eISCP",
  category: "Music",
  transport: ["tcp", "udp"],
  ports: [60128],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Onkyo and Integra Serial Communication Protocol for Ethernet, ISCP over Ethernet §2",
  probe: (slice) => {
    const code = probeBeginning(slice, BEGINNING);
    if (code !== PROBE_YES) return code;
    if (slice.end - slice.off < 13) return PROBE_MORE;
    return u32(slice.buf, slice.off + 8) <= MAX_DATA && u8(slice.buf, slice.off + 12) === 1 ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    return startsWithAscii(buf, off, end, BEGINNING) && u32(buf, off + 8) <= MAX_DATA
      ? HEADER_OCTETS + u32(buf, off + 8)
      : -1;
  },
  tell({ buf, off, end }, out) {
    const text = end - off > HEADER_OCTETS ? sanitizeOctets(buf, off + HEADER_OCTETS, end, 128) : "";
    // "!1ECN" model / port / area / MAC.
    const answer = /^!1ECN([^/]+)\/\d+\/(\w*)\/([0-9A-Fa-f]{12})/.exec(text);
    if (answer === null) return;
    out.event(
      deviceTold("discovery", { vendor: "Onkyo", model: answer[1], mac: answer[3], detail: `area ${answer[2]}` }),
    );
  },
});
