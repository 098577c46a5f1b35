import { u8, u16, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const HEADER_OCTETS = 4;
const MAC = 0x01;
const MAC_AND_ADDRESS = 0x02;
const FIRMWARE = 0x03;
const HOST = 0x0b;
const SHORT_MODEL = 0x0c;
const MODEL = 0x14;
const MODEL_V2 = 0x15;

export const ubiquitiDiscovery = defineDeviceProtocol({
  name: "ubiquiti-discovery",
  label: "UBNTAC2",
  category: "Network",
  transport: ["udp"],
  ports: [10001],
  firstOctets: [],
  source: "Ubiquiti discovery protocol, versions 1 and 2 (Rapid7, Wireshark ubdp)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return PROBE_NO;
    const version = u8(buf, off);
    // A question is a header without content.
    if (end - off === HEADER_OCTETS)
      return u32(buf, off) === 0x0100_0000 || u32(buf, off) === 0x0208_0000 ? PROBE_YES : PROBE_NO;
    if ((version !== 1 && version !== 2) || u16(buf, off + 2) !== end - off - HEADER_OCTETS) return PROBE_NO;
    let at = off + HEADER_OCTETS;
    while (at + 3 <= end) at += 3 + u16(buf, at + 1);
    return at === end ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const facts: { mac?: string; firmware?: string; name?: string; model?: string } = {};
    for (let at = off + HEADER_OCTETS; at + 3 <= end; ) {
      const stop = at + 3 + u16(buf, at + 1);
      if (stop > end) return;
      const type = u8(buf, at);
      if ((type === MAC || type === MAC_AND_ADDRESS) && stop - at >= 9) facts.mac = hexText(buf, at + 3, 6);
      else if (type === FIRMWARE) facts.firmware = sanitizeOctets(buf, at + 3, stop, 64);
      else if (type === HOST) facts.name = sanitizeOctets(buf, at + 3, stop, 64);
      else if (type === MODEL || type === MODEL_V2 || (type === SHORT_MODEL && facts.model === undefined))
        facts.model = sanitizeOctets(buf, at + 3, stop, 64);
      at = stop;
    }
    if (facts.mac !== undefined) out.event(deviceTold("announce", { vendor: "Ubiquiti", ...facts }));
  },
});
