import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, readJsonObject } from "../json-scan.ts";

const HEADER_OCTETS = 16;
/** Version 2, message type 0, operation 1 (discovery). */
const DISCOVERY = 0x0200_0001;
/** A question without content has one check sum. */
const EMPTY_SUM = 0x463c_b5d3;

export const tplinkTdp = defineDeviceProtocol({
  name: "tplink-tdp",
  label: "TPLINK_TDP",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [20002, 20004],
  firstOctets: [0x02],
  source: "TP-Link Device Protocol of Tapo and newer Kasa devices (python-kasa, discovery)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS || u32(buf, off) !== DISCOVERY || u16(buf, off + 4) !== end - off - HEADER_OCTETS)
      return PROBE_NO;
    if (end - off === HEADER_OCTETS) return u32(buf, off + 12) === EMPTY_SUM ? PROBE_YES : PROBE_NO;
    return u8(buf, off + HEADER_OCTETS) === 0x7b ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off <= HEADER_OCTETS + 2 || end - off > 4096) return;
    const result = asObject(readJsonObject(buf, off + HEADER_OCTETS, end)?.result);
    if (result === undefined) return;
    out.event(
      deviceTold("discovery", {
        vendor: "TP-Link",
        model: result.device_model,
        firmware: result.firmware_version,
        deviceId: result.device_id,
        mac: result.mac,
      }),
    );
  },
});
