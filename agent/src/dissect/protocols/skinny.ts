import { startsWithAscii, u8, u32le } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const HEADER_OCTETS = 12;
const REGISTER = 0x01;
const NAME_OCTETS = 16;
const MAX_MESSAGE = 2048;
/** Versions of the header: basic, CM7 A to D. */
const VERSIONS: readonly number[] = [0, 10, 11, 15, 16, 17, 18, 19, 20, 21, 22];

export const skinny = defineDeviceProtocol({
  name: "skinny",
  label: "CiscoSkinny",
  category: "VoIP",
  transport: ["tcp"],
  ports: [2000],
  firstOctets: [],
  source: "Cisco Skinny Call Control Protocol, register message (Wireshark, packet-skinny)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS + 3) return end - off < 4 || u32le(buf, off) <= MAX_MESSAGE ? PROBE_MORE : PROBE_NO;
    if (u32le(buf, off) < 4 || u32le(buf, off) > MAX_MESSAGE || !VERSIONS.includes(u32le(buf, off + 4)))
      return PROBE_NO;
    // A phone registers by its name: SEP and its MAC, or one of the soft phones.
    if (u32le(buf, off + 8) !== REGISTER) return PROBE_NO;
    return startsWithAscii(buf, off + HEADER_OCTETS, end, "SEP") ||
      startsWithAscii(buf, off + HEADER_OCTETS, end, "CIP")
      ? PROBE_YES
      : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < HEADER_OCTETS) return 0;
    const octets = u32le(buf, off);
    return octets >= 4 && octets <= MAX_MESSAGE ? 8 + octets : -1;
  },
  tell({ buf, off, end }, out) {
    if (u32le(buf, off + 8) !== REGISTER || end - off < HEADER_OCTETS + NAME_OCTETS) return;
    let stop = off + HEADER_OCTETS;
    while (stop < off + HEADER_OCTETS + NAME_OCTETS && u8(buf, stop) !== 0) stop++;
    const name = sanitizeOctets(buf, off + HEADER_OCTETS, stop, NAME_OCTETS);
    const mac = /^SEP([0-9A-F]{12})$/.exec(name)?.[1];
    out.event(deviceTold("register", { vendor: "Cisco", name, mac }));
  },
});
