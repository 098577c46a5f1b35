import { startsWithAscii, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const SIGNATURE = 24;
const HEADER_OCTETS = 32;
const DEVICE_MAC = 14;
const MODEL = 0x0001;
const NAME = 0x0003;
const MAC = 0x0004;
const FIRMWARE = 0x000d;

export const nsdp = defineDeviceProtocol({
  name: "nsdp",
  label: "NSDP",
  category: "Network",
  transport: ["udp"],
  ports: [63321, 63322, 63323, 63324],
  firstOctets: [0x01],
  source: "Netgear Switch Discovery Protocol (public documentation of its header and tags)",
  probe: ({ buf, off, end }) =>
    end - off >= HEADER_OCTETS &&
    u8(buf, off) === 1 &&
    u8(buf, off + 1) <= 4 &&
    startsWithAscii(buf, off + SIGNATURE, end, "NSDP")
      ? PROBE_YES
      : PROBE_NO,
  tell({ buf, off, end }, out) {
    // Answers have even numbers.
    if (end - off < HEADER_OCTETS || (u8(buf, off + 1) & 1) === 1) return;
    const facts: { mac: string; model?: string; name?: string; firmware?: string } = {
      mac: hexText(buf, off + DEVICE_MAC, 6),
    };
    for (let at = off + HEADER_OCTETS; at + 4 <= end; ) {
      const stop = at + 4 + u16(buf, at + 2);
      if (stop > end) break;
      const tag = u16(buf, at);
      if (tag === MODEL) facts.model = sanitizeOctets(buf, at + 4, stop, 64);
      else if (tag === NAME) facts.name = sanitizeOctets(buf, at + 4, stop, 64);
      else if (tag === MAC && stop - at === 10) facts.mac = hexText(buf, at + 4, 6);
      else if (tag === FIRMWARE) facts.firmware = sanitizeOctets(buf, at + 4, stop, 64);
      at = stop;
    }
    out.event(deviceTold("answer", { vendor: "Netgear", ...facts }));
  },
});
