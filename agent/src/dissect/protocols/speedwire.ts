import { startsWithAscii, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const BEGINNING = "SMA\0\0\x04\x02\xa0";
const PROTOCOL = 16;
/** Energy meter and Home Manager, plain and with more channels. Inverters and who asks them speak 0x6065. */
const METER = 0x6069;
const EXTENDED_METER = 0x6081;

export const speedwire = defineDeviceProtocol({
  name: "speedwire",
  label: "SMA-Speedwire",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [9522],
  firstOctets: [0x53],
  source: "SMA Speedwire: Discovery Protocol and Energy Meter Protocol 2.0",
  probe: ({ buf, off, end }) => {
    if (end - off >= PROTOCOL && startsWithAscii(buf, off, end, BEGINNING)) return PROBE_YES;
    return PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < 28 || !startsWithAscii(buf, off, end, BEGINNING)) return;
    const protocol = u16(buf, off + PROTOCOL);
    if (protocol === METER || protocol === EXTENDED_METER)
      out.event(
        deviceTold("meter", { vendor: "SMA", model: `SUSy ${u16(buf, off + 18)}`, deviceId: u32(buf, off + 20) }),
      );
  },
});
