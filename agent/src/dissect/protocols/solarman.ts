import { u8, u16le, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const START = 0xa5;
const END = 0x15;
/** All but the payload: start, length, control of two octets, number of two, logger's serial, check sum, end. */
const FRAME_OCTETS = 13;
const MAX_PAYLOAD = 1024;

export const solarman = defineDeviceProtocol({
  name: "solarman",
  label: "Solarman",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [8899],
  firstOctets: [START],
  source: "Solarman V5 protocol (pysolarmanv5)",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== START) return PROBE_NO;
    if (end - off < 5) return PROBE_MORE;
    // The low octet of the control is 0x10 always.
    if (u16le(buf, off + 1) > MAX_PAYLOAD || u8(buf, off + 3) !== 0x10) return PROBE_NO;
    const octets = FRAME_OCTETS + u16le(buf, off + 1);
    if (end - off < octets) return PROBE_MORE;
    return u8(buf, off + octets - 1) === END && hasSum(buf, off, off + octets) ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < 3) return 0;
    return u8(buf, off) === START && u16le(buf, off + 1) <= MAX_PAYLOAD ? FRAME_OCTETS + u16le(buf, off + 1) : -1;
  },
  tell({ buf, off, toServer }, out) {
    if (!toServer) out.event(deviceTold("answer", { model: "data logger", deviceId: u32le(buf, off + 7) }));
  },
});

/** Sum of all octets between the first and the sum. */
function hasSum(buf: Uint8Array, off: number, end: number): boolean {
  let sum = 0;
  for (let at = off + 1; at < end - 2; at++) sum += u8(buf, at);
  return (sum & 0xff) === u8(buf, end - 2);
}
