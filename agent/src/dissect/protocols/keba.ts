import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii, readJsonObject } from "../json-scan.ts";
import { probeBeginnings } from "../signature.ts";

const COMMANDS = ["report ", "TCH-OK", '"Firmware":"P'] as const;

export const keba = defineDeviceProtocol({
  name: "keba",
  label: "KEBA",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [7090],
  firstOctets: [],
  source: "KEBA KeContact P30 UDP Programmers Guide 2.05 §3",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (probeBeginnings(slice, COMMANDS) === PROBE_YES) return PROBE_YES;
    if (u8(buf, off) !== 0x7b) return PROBE_NO;
    return containsAscii(buf, off, Math.min(end, off + 160), '"ID"') || containsAscii(buf, off, end, '"E pres"')
      ? PROBE_YES
      : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const report = end - off > 2048 ? undefined : readJsonObject(buf, off, end);
    if (report?.Product === undefined) return;
    out.event(
      deviceTold("report", {
        vendor: "KEBA",
        model: report.Product,
        deviceId: report.Serial,
        firmware: report.Firmware,
      }),
    );
  },
});
