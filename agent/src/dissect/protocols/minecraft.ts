import { startsWithAscii, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode, type Slice } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginning } from "../signature.ts";

const LAN = "[MOTD]";
const SHORTEST = 7;
const LONGEST = 300;
/** Status, log-in, transfer. */
const LAST_STATE = 3;

export const minecraft = defineDeviceProtocol({
  name: "minecraft",
  label: "Minecraft",
  category: "Game",
  transport: ["tcp", "udp"],
  ports: [25565, 4445],
  firstOctets: firstOctetsOf(LAN),
  source: "Minecraft Java Edition protocol, Handshake; LAN world announcement",
  probe: (slice) => (u8(slice.buf, slice.off) === 0x5b ? probeBeginning(slice, LAN) : probeHandshake(slice)),
  length: (buf, off, end) => (end > off && u8(buf, off) < 0x80 ? 1 + u8(buf, off) : -1),
  tell({ buf, off, end, toServer }, out) {
    if (startsWithAscii(buf, off, end, LAN)) {
      const text = /\[MOTD\](.*)\[\/MOTD\]\[AD\](\d+)\[\/AD\]/.exec(sanitizeOctets(buf, off, end, 200));
      if (text !== null) out.event(deviceTold("LAN world", { name: text[1], detail: `port ${text[2]}` }));
      return;
    }
    if (!toServer || end - off < SHORTEST || u8(buf, off + 1) !== 0) return;
    const address = addressAt(buf, off, end);
    const stop = address + u8(buf, address - 1);
    if (address > 0 && stop + 3 <= end) out.label({ hostname: sanitizeOctets(buf, address, stop, 253) });
  },
});

/** Length, packet 0, version, server's address and port, what comes next: all of the first packet. */
function probeHandshake({ buf, off, end, toServer }: Slice): ProbeCode {
  if (!toServer) return PROBE_NO;
  const length = u8(buf, off);
  if (length < SHORTEST - 1 || length > 0x7f || length > LONGEST) return PROBE_NO;
  if (end - off < SHORTEST) return end - off < 2 || u8(buf, off + 1) === 0 ? PROBE_MORE : PROBE_NO;
  if (u8(buf, off + 1) !== 0) return PROBE_NO;
  if (end - off < 1 + length) return PROBE_MORE;
  const address = addressAt(buf, off, end);
  const last = off + length;
  if (address < 0 || address + u8(buf, address - 1) + 2 !== last) return PROBE_NO;
  const state = u8(buf, last);
  return state >= 1 && state <= LAST_STATE && u16(buf, last - 2) > 0 ? PROBE_YES : PROBE_NO;
}

/** Where the address's text begins, behind the version (one to five octets) and its length; -1 = nowhere. */
function addressAt(buf: Uint8Array, off: number, end: number): number {
  let at = off + 2;
  while (at < off + 7 && at < end && u8(buf, at) >= 0x80) at++;
  return at + 2 < end && u8(buf, at) < 0x80 ? at + 2 : -1;
}
