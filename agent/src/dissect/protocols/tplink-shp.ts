import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, readJsonObject } from "../json-scan.ts";

/** The stream cipher's first key (171), and `{"` under it. */
const FIRST_KEY = 0xab;
const OBJECT = 0xd0f2;
const MAX_MESSAGE = 8192;

export const tplinkShp = defineDeviceProtocol({
  name: "tplink-shp",
  label: "TPLINK_SHP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [9999],
  firstOctets: [0xd0, 0x00],
  source: "TP-Link Smart Home Protocol (softScheck, 2016)",
  probe: ({ buf, off, end }) => {
    if (end - off < 12) return isPossible(buf, off, end) ? PROBE_MORE : PROBE_NO;
    if (u16(buf, off) === OBJECT) return isText(buf, off, end) ? PROBE_YES : PROBE_NO;
    // Over TCP after four octets of length.
    return u32(buf, off) < 0x1_0000 && u16(buf, off + 4) === OBJECT && isText(buf, off + 4, end) ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < 4) return 0;
    const octets = u32(buf, off);
    return octets > 0 && octets <= MAX_MESSAGE ? 4 + octets : -1;
  },
  tell({ buf, off, end }, out) {
    const from = end - off > 4 && u16(buf, off) !== OBJECT ? off + 4 : off;
    const object = end - from < 8 || end - from > MAX_MESSAGE ? undefined : openText(buf, from, end);
    const info = asObject(asObject(object?.system)?.get_sysinfo);
    if (info === undefined || info.model === undefined) return;
    out.event(
      deviceTold("system info", {
        vendor: "TP-Link",
        model: info.model,
        firmware: info.sw_ver,
        deviceId: info.deviceId,
        name: info.alias,
        mac: info.mac ?? info.mic_mac,
      }),
    );
  },
});

/** A message of a few octets may still be one: begins with the sign of an object, or with a small length before it. */
function isPossible(buf: Uint8Array, off: number, end: number): boolean {
  if (u8(buf, off) === OBJECT >>> 8) return end - off < 2 || u16(buf, off) === OBJECT;
  if (u8(buf, off) !== 0 || (end - off >= 2 && u8(buf, off + 1) !== 0)) return false;
  return end - off < 6 ? end - off < 5 || u8(buf, off + 4) === OBJECT >>> 8 : u16(buf, off + 4) === OBJECT;
}

/** Each octet is the key of the next: all that can be read is printable. */
function isText(buf: Uint8Array, off: number, end: number): boolean {
  for (let at = off + 1; at < end && at < off + 24; at++) {
    const plain = u8(buf, at) ^ u8(buf, at - 1);
    if (plain < 0x20 || plain > 0x7e) return false;
  }
  return true;
}

function openText(buf: Uint8Array, off: number, end: number): ReturnType<typeof readJsonObject> {
  const plain = new Uint8Array(end - off);
  let key = FIRST_KEY;
  for (let i = 0; i < plain.length; i++) {
    plain[i] = u8(buf, off + i) ^ key;
    key = u8(buf, off + i);
  }
  return readJsonObject(plain, 0, plain.length);
}
