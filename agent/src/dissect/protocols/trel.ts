import { u8, u16, u16le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Version 0: broadcast and unicast, the latter perhaps asking for an acknowledgement. */
const KINDS: readonly number[] = [0x00, 0x01, 0x05];
const BROADCAST_OCTETS = 16;
const UNICAST_OCTETS = 24;
const FIRST_CHANNEL = 11;
const LAST_CHANNEL = 26;

export const trel = defineSignature({
  name: "trel",
  label: "Thread",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [],
  firstOctets: KINDS,
  source: "OpenThread, Thread Radio Encapsulation Link: packet header; IEEE 802.15.4 §7.2",
  probe: ({ buf, off, end }) => {
    // Kind, channel, network, number, sender's address, receiver's when there is one.
    const frame = off + (u8(buf, off) === 0 ? BROADCAST_OCTETS : UNICAST_OCTETS);
    if (end - frame < 5 || !KINDS.includes(u8(buf, off))) return PROBE_NO;
    const channel = u8(buf, off + 1);
    if (channel < FIRST_CHANNEL || channel > LAST_CHANNEL) return PROBE_NO;
    // The radio frame inside is data or a command with a receiver, and names the same network.
    const control = u16le(buf, frame);
    const kind = control & 7;
    if ((kind !== 1 && kind !== 3) || ((control >>> 10) & 3) < 2) return PROBE_NO;
    return u16le(buf, frame + 3) === u16(buf, off + 2) ? PROBE_YES : PROBE_NO;
  },
});
