import { startsWithAscii, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const VERSION = 2;
const KINDS: ReadonlyMap<number, string> = new Map([
  [0x51, "query"],
  [0x52, "response"],
  [0x58, "transport"],
]);

export const roon = defineDeviceProtocol({
  name: "roon",
  label: "Roon",
  category: "Music",
  transport: ["udp"],
  ports: [9003],
  firstOctets: [0x53],
  source: "Roon discovery SOOD (node-roon-api, sood.js)",
  probe: ({ buf, off, end }) =>
    startsWithAscii(buf, off, end, "SOOD") &&
    end - off >= 6 &&
    u8(buf, off + 4) === VERSION &&
    KINDS.has(u8(buf, off + 5))
      ? PROBE_YES
      : PROBE_NO,
  tell({ buf, off, end }, out) {
    if (end - off < 6 || !startsWithAscii(buf, off, end, "SOOD")) return;
    const facts: { name?: string; firmware?: string; deviceId?: string } = {};
    // Name behind one octet of length, value behind two.
    for (let at = off + 6; at < end; ) {
      const value = at + 1 + u8(buf, at) + 2;
      if (value > end) break;
      const stop = value + u16(buf, value - 2);
      if (stop > end) break;
      const name = sanitizeOctets(buf, at + 1, value - 2, 32);
      if (name === "name") facts.name = sanitizeOctets(buf, value, stop, 64);
      else if (name === "display_version") facts.firmware = sanitizeOctets(buf, value, stop, 64);
      else if (name === "unique_id") facts.deviceId = sanitizeOctets(buf, value, stop, 64);
      at = stop;
    }
    out.event(deviceTold(KINDS.get(u8(buf, off + 5)) ?? "message", { vendor: "Roon", ...facts }));
  },
});
