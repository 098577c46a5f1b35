import { u8, u16le, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { readJsonObject } from "../json-scan.ts";

/** Type, id, id that it answers, two times, size. */
const HEADER_OCTETS = 26;
const HELLO = 5;
const MAX_HELLO = 4096;
const LAST_TYPE = 8;
const MAX_MESSAGE = 8192;

export const snapcast = defineDeviceProtocol({
  name: "snapcast",
  label: "Snapcast",
  category: "Music",
  transport: ["tcp"],
  ports: [1704],
  firstOctets: [HELLO],
  source: "Snapcast binary protocol (doc/binary_protocol.md)",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== HELLO) return PROBE_NO;
    if (end - off < HEADER_OCTETS + 5) return end - off < 2 || u8(buf, off + 1) === 0 ? PROBE_MORE : PROBE_NO;
    const size = u32le(buf, off + 22);
    // The text's own length is inside, and the text is an object.
    const isHello = u8(buf, off + 1) === 0 && size <= MAX_HELLO && u32le(buf, off + HEADER_OCTETS) === size - 4;
    return isHello && u8(buf, off + HEADER_OCTETS + 4) === 0x7b ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    const size = u32le(buf, off + 22);
    return u16le(buf, off) <= LAST_TYPE && size <= MAX_MESSAGE ? HEADER_OCTETS + size : -1;
  },
  tell({ buf, off, end }, out) {
    if (u16le(buf, off) !== HELLO || end - off < HEADER_OCTETS + 6) return;
    const hello = readJsonObject(buf, off + HEADER_OCTETS + 4, end);
    if (hello === undefined) return;
    out.event(
      deviceTold("hello", {
        name: hello.HostName,
        mac: hello.MAC,
        firmware: hello.Version,
        model: hello.OS,
        deviceId: hello.ID,
      }),
    );
  },
});
