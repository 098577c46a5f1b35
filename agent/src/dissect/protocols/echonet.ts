import { u8, u16, u24 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const HEADER = 0x1081;
const PROPERTIES = 12;
/** Requests, answers, and answers that refuse. */
const isService = (code: number): boolean => (code >= 0x50 && code <= 0x5e) || (code >= 0x60 && code <= 0x7e);

export const echonet = defineDeviceProtocol({
  name: "echonet",
  label: "ECHONET-Lite",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [3610],
  firstOctets: [HEADER >>> 8],
  source: "ECHONET Lite Specification 1.13, part 2 §3.2",
  probe: ({ buf, off, end }) => {
    if (end - off < PROPERTIES + 2 || u16(buf, off) !== HEADER || !isService(u8(buf, off + 10))) return PROBE_NO;
    // Properties, each with a length, fill the datagram.
    let at = off + PROPERTIES;
    for (let count = u8(buf, off + 11); count > 0 && at + 2 <= end; count--) at += 2 + u8(buf, at + 1);
    return at === end && u8(buf, off + 11) > 0 ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < PROPERTIES || u16(buf, off) !== HEADER) return;
    // Class group, class and number of the object that speaks: "0x013001" is an air conditioner.
    out.event(
      deviceTold(`service 0x${u8(buf, off + 10).toString(16)}`, {
        model: `object 0x${u24(buf, off + 4)
          .toString(16)
          .padStart(6, "0")}`,
      }),
    );
  },
});
