import { startsWithAscii, u16le } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const BEGINNING = "Art-Net\0";
const POLL_REPLY = 0x2100;
const SHORT_NAME = 26;
const LONG_NAME = 44;
const MAC = 201;

export const artNet = defineDeviceProtocol({
  name: "art-net",
  label: "Art-Net",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [6454],
  firstOctets: [0x41],
  source: "Art-Net 4 (Artistic Licence), packet definitions, ArtPollReply",
  probe: ({ buf, off, end }) => (end - off >= 10 && startsWithAscii(buf, off, end, BEGINNING) ? PROBE_YES : PROBE_NO),
  tell({ buf, off, end }, out) {
    if (end - off < MAC + 6 || !startsWithAscii(buf, off, end, BEGINNING) || u16le(buf, off + 8) !== POLL_REPLY) return;
    out.event(
      deviceTold("poll reply", {
        name: sanitizeOctets(buf, off + SHORT_NAME, off + LONG_NAME, 18),
        model: sanitizeOctets(buf, off + LONG_NAME, off + LONG_NAME + 64, 64),
        mac: hexText(buf, off + MAC, 6),
      }),
    );
  },
});
