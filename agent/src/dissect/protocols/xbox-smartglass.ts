import { u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

/** Messages in clear: discovery, its answer, power on. Type, length of what follows, version. */
const DISCOVERY = 0xdd00;
const ANSWER = 0xdd01;
const POWER_ON = 0xdd02;
const HEADER_OCTETS = 6;
const DEVICES: ReadonlyMap<number, string> = new Map([
  [1, "Xbox One"],
  [2, "Xbox 360"],
  [3, "Windows desktop"],
  [4, "Windows Store"],
]);

export const xboxSmartglass = defineDeviceProtocol({
  name: "xbox-smartglass",
  label: "Xbox",
  category: "Game",
  transport: ["udp"],
  ports: [5050],
  firstOctets: [DISCOVERY >>> 8],
  source: "Xbox One SmartGlass protocol (OpenXbox documentation), simple messages",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS + 2) return PROBE_NO;
    const type = u16(buf, off);
    if (type !== DISCOVERY && type !== ANSWER && type !== POWER_ON) return PROBE_NO;
    return u16(buf, off + 2) === end - off - HEADER_OCTETS && u16(buf, off + 4) <= 2 ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < HEADER_OCTETS + 8 || u16(buf, off) !== ANSWER) return;
    // Flags, kind of device, then its name behind a length and before a zero.
    const name = off + HEADER_OCTETS + 8;
    const stop = name + u16(buf, name - 2);
    if (stop > end) return;
    const model = DEVICES.get(u16(buf, off + HEADER_OCTETS + 4));
    out.event(deviceTold("discovery", { vendor: "Microsoft", model, name: sanitizeOctets(buf, name, stop, 64) }));
  },
});
