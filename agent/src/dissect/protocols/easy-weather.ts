import { u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const START = 0xffff;
const BROADCAST = 0x12;
/** Start, command, size of two octets, MAC, address, port, length of the name. */
const NAME = 18;

export const easyWeather = defineDeviceProtocol({
  name: "easy-weather",
  label: "EasyWeather",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [46000, 59387],
  firstOctets: [0xff],
  source: "Fine Offset (Ecowitt) TCP data format 1.6: CMD_BROADCAST",
  probe: ({ buf, off, end }) => {
    if (end - off < 6 || u16(buf, off) !== START || u8(buf, off + 2) !== BROADCAST) return PROBE_NO;
    // Size counts from the command to the check sum, which is the sum of all from the command on.
    if (u16(buf, off + 3) !== end - off - 2) return PROBE_NO;
    let sum = 0;
    for (let at = off + 2; at < end - 1; at++) sum += u8(buf, at);
    return (sum & 0xff) === u8(buf, end - 1) ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < NAME + 1 || u16(buf, off) !== START) return;
    const stop = off + NAME + u8(buf, off + NAME - 1);
    if (stop > end - 1) return;
    out.event(
      deviceTold("broadcast", {
        vendor: "Fine Offset",
        mac: hexText(buf, off + 5, 6),
        model: sanitizeOctets(buf, off + NAME, stop, 64),
      }),
    );
  },
});
