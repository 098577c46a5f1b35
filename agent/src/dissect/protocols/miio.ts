import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const HEADER_OCTETS = 32;
const MAGIC = 0x2131;
const UNKNOWN = 0xffff_ffff;

export const miio = defineDeviceProtocol({
  name: "miio",
  label: "Xiaomi",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [54321],
  firstOctets: [MAGIC >>> 8],
  source: "Xiaomi Mi Home binary protocol (OpenMiHome), packet format",
  probe: ({ buf, off, end }) =>
    end - off >= HEADER_OCTETS && u16(buf, off) === MAGIC && u16(buf, off + 2) === end - off ? PROBE_YES : PROBE_NO,
  tell({ buf, off, end }, out) {
    if (end - off < HEADER_OCTETS || u16(buf, off) !== MAGIC || u32(buf, off + 8) === UNKNOWN) return;
    out.event(deviceTold(end - off === HEADER_OCTETS ? "hello" : "command", { deviceId: u32(buf, off + 8) }));
  },
});
