import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const QUESTION = 2;
const ANSWER = 3;
/** Type and length before, check sum behind. */
const FRAME_OCTETS = 8;
const DEVICE_TYPE = 1;
const DEVICE_ID = 2;

export const hdhomerun = defineDeviceProtocol({
  name: "hdhomerun",
  label: "HDHomeRun",
  category: "Media",
  transport: ["udp"],
  ports: [65001],
  firstOctets: [0x00],
  source: "SiliconDust libhdhomerun, hdhomerun_pkt.h: discover request and reply",
  probe: ({ buf, off, end }) => {
    if (end - off < FRAME_OCTETS + 6) return PROBE_NO;
    const type = u16(buf, off);
    if ((type !== QUESTION && type !== ANSWER) || u16(buf, off + 2) !== end - off - FRAME_OCTETS) return PROBE_NO;
    // Tag and length fill the message; the first tells the kind of device.
    return u16(buf, off + 4) === 0x0104 && tagEnd(buf, off + 4, end - 4) === end - 4 ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < FRAME_OCTETS + 6 || u16(buf, off) !== ANSWER) return;
    for (let at = off + 4; at + 6 <= end - 4; at += 2 + u8(buf, at + 1)) {
      if (u8(buf, at) !== DEVICE_ID || u8(buf, at + 1) !== 4) continue;
      out.event(deviceTold("discovery", { vendor: "SiliconDust", deviceId: u32(buf, at + 2).toString(16) }));
      return;
    }
  },
});

/** Where the last of the tags ends. Lengths above 127 take two octets. */
function tagEnd(buf: Uint8Array, off: number, end: number): number {
  let at = off;
  while (at + 2 <= end && u8(buf, at) >= DEVICE_TYPE) {
    const length = u8(buf, at + 1);
    if (length < 0x80) at += 2 + length;
    else if (at + 3 <= end) at += 3 + ((length & 0x7f) | (u8(buf, at + 2) << 7));
    else return -1;
  }
  return at;
}
