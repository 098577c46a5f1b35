import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";

const MAC_OCTETS = 6;
const REPEATS = 16;
const LENGTH = MAC_OCTETS * (REPEATS + 1);

export const wakeOnLan = defineDeviceProtocol({
  name: "wake-on-lan",
  label: "WakeOnLAN",
  category: "Network",
  transport: ["udp"],
  ports: [9, 7],
  firstOctets: [0xff],
  source: "AMD Magic Packet Technology, publication 20213",
  probe: ({ buf, off, end }) => {
    // Six octets of ones, then sixteen times the address; perhaps a password of four or six octets.
    if (end - off < LENGTH || end - off > LENGTH + MAC_OCTETS || u32(buf, off) !== 0xffff_ffff) return PROBE_NO;
    if (u8(buf, off + 4) !== 0xff || u8(buf, off + 5) !== 0xff) return PROBE_NO;
    for (let at = off + 2 * MAC_OCTETS; at < off + LENGTH; at++)
      if (u8(buf, at) !== u8(buf, at - MAC_OCTETS)) return PROBE_NO;
    return PROBE_YES;
  },
  tell({ buf, off, end }, out) {
    if (end - off >= LENGTH) out.event(deviceTold("wake", { mac: hexText(buf, off + MAC_OCTETS, MAC_OCTETS) }));
  },
});
