import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const QUERY = [0x81, 0x8a, 0x8b, 0x96] as const;
const STATE = 0x81;
const STATE_OCTETS = 14;

export const magicHome = defineDeviceProtocol({
  name: "magic-home",
  label: "MagicHome",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [5577],
  firstOctets: [STATE],
  source: "Magic Home (Zengge) LED controllers, LEDENET protocol (flux_led)",
  probe: ({ buf, off, end, toServer }) => {
    if (!toServer) return PROBE_NO;
    for (let i = 0; i < QUERY.length; i++) {
      if (off + i >= end) return PROBE_MORE;
      if (u8(buf, off + i) !== QUERY[i]) return PROBE_NO;
    }
    return PROBE_YES;
  },
  // Questions for the state are of four octets, states of fourteen; nothing else is read.
  length: (buf, off, end) => {
    if (end - off < 2) return 0;
    if (u8(buf, off) !== STATE) return -1;
    return u8(buf, off + 1) === QUERY[1] ? QUERY.length : STATE_OCTETS;
  },
  tell({ buf, off, end }, out) {
    if (end - off === STATE_OCTETS)
      out.event(deviceTold("state", { model: `0x${u8(buf, off + 1).toString(16)}`, firmware: u8(buf, off + 10) }));
  },
});
