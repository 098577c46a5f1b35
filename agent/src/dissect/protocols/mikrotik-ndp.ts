import { u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const HEADER_OCTETS = 4;
const MAC = 1;
const IDENTITY = 5;
const VERSION = 7;
const PLATFORM = 8;
const SOFTWARE_ID = 11;
const BOARD = 12;

export const mikrotikNdp = defineDeviceProtocol({
  name: "mikrotik-ndp",
  label: "MikroTik",
  category: "Network",
  transport: ["udp"],
  ports: [5678],
  firstOctets: [],
  source: "MikroTik Neighbor Discovery (MNDP): header, type-length-value",
  probe: ({ buf, off, end }) => {
    // A question is four zeros.
    if (end - off === HEADER_OCTETS) return u16(buf, off) === 0 && u16(buf, off + 2) === 0 ? PROBE_YES : PROBE_NO;
    if (end - off < HEADER_OCTETS + 10 || u16(buf, off + 4) !== MAC || u16(buf, off + 6) !== 6) return PROBE_NO;
    let at = off + HEADER_OCTETS;
    while (at + 4 <= end) at += 4 + u16(buf, at + 2);
    return at === end ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const facts: {
      mac?: string;
      name?: string;
      firmware?: string;
      vendor?: string;
      deviceId?: string;
      model?: string;
    } = {};
    for (let at = off + HEADER_OCTETS; at + 4 <= end; ) {
      const stop = at + 4 + u16(buf, at + 2);
      if (stop > end) return;
      const type = u16(buf, at);
      if (type === MAC && stop - at === 10) facts.mac = hexText(buf, at + 4, 6);
      else if (type === IDENTITY) facts.name = sanitizeOctets(buf, at + 4, stop, 64);
      else if (type === VERSION) facts.firmware = sanitizeOctets(buf, at + 4, stop, 64);
      else if (type === PLATFORM) facts.vendor = sanitizeOctets(buf, at + 4, stop, 64);
      else if (type === SOFTWARE_ID) facts.deviceId = sanitizeOctets(buf, at + 4, stop, 64);
      else if (type === BOARD) facts.model = sanitizeOctets(buf, at + 4, stop, 64);
      at = stop;
    }
    if (facts.mac !== undefined) out.event(deviceTold("announce", facts));
  },
});
