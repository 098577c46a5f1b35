import { startsWithAscii, u16, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const BEGINNING = "\0\x10\0\0ASC-E1.17\0\0\0";
const SENDER = 22;
const SOURCE_NAME = 44;
const UNIVERSE = 113;
const DATA = 4;

export const sacn = defineDeviceProtocol({
  name: "sacn",
  label: "E1.31",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [5568],
  firstOctets: [0x00],
  source: "ANSI E1.31 §4, §5.2, §6.2 (streaming ACN)",
  probe: ({ buf, off, end }) => (end - off >= 38 && startsWithAscii(buf, off, end, BEGINNING) ? PROBE_YES : PROBE_NO),
  tell({ buf, off, end }, out) {
    if (end - off < UNIVERSE + 2 || u32(buf, off + 18) !== DATA) return;
    out.event(
      deviceTold("data", {
        deviceId: hexText(buf, off + SENDER, 16),
        name: sanitizeOctets(buf, off + SOURCE_NAME, off + SOURCE_NAME + 64, 64),
        detail: `universe ${u16(buf, off + UNIVERSE)}`,
      }),
    );
  },
});
