import { u8, u16, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const MAGIC = 0xf1;
/** Search of the local net under the common key of CS2. */
const HIDDEN_SEARCH = 0x2cba_5f5d;
const UID_OCTETS = 20;
/** Messages and, where it is fixed, the octets they carry. */
const MESSAGES: ReadonlyMap<number, { readonly name: string; readonly octets?: number }> = new Map([
  [0x00, { name: "hello", octets: 0 }],
  [0x01, { name: "hello answer", octets: 16 }],
  [0x10, { name: "device log-in" }],
  [0x11, { name: "device log-in answer" }],
  [0x12, { name: "device log-in" }],
  [0x20, { name: "request" }],
  [0x21, { name: "request answer" }],
  [0x30, { name: "search", octets: 0 }],
  [0x40, { name: "punch to", octets: 16 }],
  [0x41, { name: "punch", octets: UID_OCTETS }],
  [0x42, { name: "ready", octets: UID_OCTETS }],
  [0xd0, { name: "data" }],
  [0xd1, { name: "data answer" }],
  [0xe0, { name: "alive", octets: 0 }],
  [0xe1, { name: "alive answer", octets: 0 }],
  [0xf0, { name: "close", octets: 0 }],
]);

export const pppp = defineDeviceProtocol({
  name: "pppp",
  label: "PPPP",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [32108],
  firstOctets: [MAGIC, 0x2c],
  source: "PPPP of CS2 Network and iLnkP2P cameras (public analyses by P. Marrapese and others)",
  probe: ({ buf, off, end }) => {
    if (end - off < 4) return PROBE_NO;
    if (u32(buf, off) === HIDDEN_SEARCH) return end - off === 4 ? PROBE_YES : PROBE_NO;
    if (u8(buf, off) !== MAGIC || u16(buf, off + 2) !== end - off - 4) return PROBE_NO;
    const message = MESSAGES.get(u8(buf, off + 1));
    if (message === undefined) return PROBE_NO;
    if (message.octets !== undefined) return message.octets === end - off - 4 ? PROBE_YES : PROBE_NO;
    // Data: its own mark, a channel below 8, a number.
    if (u8(buf, off + 1) >>> 4 === 0xd)
      return end - off >= 8 && u8(buf, off + 4) === 0xd1 && u8(buf, off + 5) < 8 ? PROBE_YES : PROBE_NO;
    return end - off >= 8 ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off !== 4 + UID_OCTETS || u8(buf, off) !== MAGIC) return;
    const message = MESSAGES.get(u8(buf, off + 1));
    if (message?.octets !== UID_OCTETS) return;
    // Prefix and number tell the device; the letters behind them open it and are left out.
    let stop = off + 4;
    while (stop < off + 12 && u8(buf, stop) !== 0) stop++;
    const prefix = sanitizeOctets(buf, off + 4, stop, 8);
    out.event(deviceTold(message.name, { deviceId: `${prefix}-${String(u32(buf, off + 12)).padStart(6, "0")}` }));
  },
});
