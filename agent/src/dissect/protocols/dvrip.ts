import { u8, u16, u16le, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, readJsonObject } from "../json-scan.ts";

const START = 0xff;
const HEADER_OCTETS = 20;
const FIRST_MESSAGE = 1000;
const LAST_MESSAGE = 2200;
const MAX_BODY = 8192;

export const dvrip = defineDeviceProtocol({
  name: "dvrip",
  label: "XMEye",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [34567, 34569],
  firstOctets: [START],
  source: "Xiongmai (XMEye, Sofia) digital video recorder interface protocol 1.0",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== START) return PROBE_NO;
    if (end - off < HEADER_OCTETS) return isStart(buf, off, end) ? PROBE_MORE : PROBE_NO;
    const message = u16le(buf, off + 14);
    const body = u32le(buf, off + 16);
    if (!isStart(buf, off, end) || message < FIRST_MESSAGE || message > LAST_MESSAGE || body > MAX_BODY)
      return PROBE_NO;
    // A question without content, or a text that is an object.
    if (body === 0) return end - off === HEADER_OCTETS ? PROBE_YES : PROBE_NO;
    if (end - off === HEADER_OCTETS) return PROBE_MORE;
    return u8(buf, off + HEADER_OCTETS) === 0x7b ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    return isStart(buf, off, end) && u32le(buf, off + 16) <= MAX_BODY ? HEADER_OCTETS + u32le(buf, off + 16) : -1;
  },
  tell({ buf, off, end }, out) {
    if (end - off <= HEADER_OCTETS + 2 || end - off > MAX_BODY || u8(buf, off) !== START) return;
    // A line feed and a zero may follow the text.
    let text = end - 1;
    while (text > end - 4 && u8(buf, text) !== 0x7d) text--;
    const common = asObject(readJsonObject(buf, off + HEADER_OCTETS, text + 1)?.["NetWork.NetCommon"]);
    if (common === undefined) return;
    out.event(
      deviceTold("discovery", {
        name: common.HostName,
        mac: common.MAC,
        deviceId: common.SN,
        firmware: common.Version,
      }),
    );
  },
});

/** Start, version 0 or 1, two reserved octets. */
const isStart = (buf: Uint8Array, off: number, end: number): boolean =>
  (end - off < 2 || u8(buf, off + 1) <= 1) && (end - off < 4 || u16(buf, off + 2) === 0);
