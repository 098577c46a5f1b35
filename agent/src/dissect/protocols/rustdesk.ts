import { u8 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

/** Fields of RendezvousMessage: register peer (6), register key (15). Both begin with the peer's number as text. */
const REGISTER_PEER = 0x32;
const REGISTER_KEY = 0x7a;
const TEXT = 0x0a;
const SHORTEST_ID = 6;
const LONGEST_ID = 16;

export const rustdesk = defineDeviceProtocol({
  name: "rustdesk",
  label: "RustDesk",
  category: "RemoteAccess",
  transport: ["udp"],
  ports: [21116],
  firstOctets: [REGISTER_PEER, REGISTER_KEY],
  source: "RustDesk hbb_common, rendezvous.proto: RendezvousMessage, RegisterPeer, RegisterPk",
  probe: ({ buf, off, end }) => (idOctets(buf, off, end) > 0 ? PROBE_YES : PROBE_NO),
  tell({ buf, off, end }, out) {
    const octets = idOctets(buf, off, end);
    if (octets > 0) out.event(deviceTold("register", { deviceId: sanitizeOctets(buf, off + 4, off + 4 + octets, 16) }));
  },
});

/** Length of the number when the message fills the datagram and holds one; else 0. */
function idOctets(buf: Uint8Array, off: number, end: number): number {
  if (end - off < 4 + SHORTEST_ID || (u8(buf, off) !== REGISTER_PEER && u8(buf, off) !== REGISTER_KEY)) return 0;
  const length = u8(buf, off + 3);
  if (u8(buf, off + 1) !== end - off - 2 || u8(buf, off + 2) !== TEXT) return 0;
  if (length < SHORTEST_ID || length > LONGEST_ID || off + 4 + length > end) return 0;
  for (let at = off + 4; at < off + 4 + length; at++) if (u8(buf, at) < 0x30 || u8(buf, at) > 0x39) return 0;
  return length;
}
