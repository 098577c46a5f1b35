import { u8, u16le, u32le } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const HEADER_OCTETS = 36;
/** Protocol number, with the bit that says that the header names a target. */
const PROTOCOL = 0x1400;
const STATE_SERVICE = 3;
const STATE_FIRMWARE = 15;
const STATE_LABEL = 25;
const STATE_VERSION = 33;

export const lifx = defineDeviceProtocol({
  name: "lifx",
  label: "LIFX",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [56700],
  // Elsewhere a question without content: its length alone.
  firstOctets: [HEADER_OCTETS],
  source: "LIFX LAN protocol, packet contents: header, State messages",
  probe: ({ buf, off, end }) =>
    end - off >= HEADER_OCTETS && u16le(buf, off) === end - off && (u16le(buf, off + 2) & 0x1fff) === PROTOCOL
      ? PROBE_YES
      : PROBE_NO,
  tell({ buf, off, end }, out) {
    if (end - off < HEADER_OCTETS || (u16le(buf, off + 2) & 0x1fff) !== PROTOCOL) return;
    const type = u16le(buf, off + 32);
    const mac = hexText(buf, off + 8, 6);
    const body = off + HEADER_OCTETS;
    if (type === STATE_SERVICE) out.event(deviceTold("service", { vendor: "LIFX", mac }));
    else if (type === STATE_FIRMWARE && end - body >= 20)
      out.event(
        deviceTold("firmware", { vendor: "LIFX", mac, firmware: `${u16le(buf, body + 18)}.${u16le(buf, body + 16)}` }),
      );
    else if (type === STATE_LABEL && end - body >= 32)
      out.event(
        deviceTold("label", { vendor: "LIFX", mac, name: sanitizeOctets(buf, body, textEnd(buf, body, 32), 32) }),
      );
    else if (type === STATE_VERSION && end - body >= 12)
      out.event(deviceTold("version", { vendor: "LIFX", mac, model: `product ${u32le(buf, body + 4)}` }));
  },
});

/** Behind the last character of a text that is filled up with zeros. */
function textEnd(buf: Uint8Array, off: number, octets: number): number {
  for (let at = off; at < off + octets; at++) if (u8(buf, at) === 0) return at;
  return off + octets;
}
