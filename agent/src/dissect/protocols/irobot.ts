import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii, readJsonObject } from "../json-scan.ts";
import { firstOctetsOf, probeBeginning } from "../signature.ts";

const QUESTION = "irobotmcs";

export const irobot = defineDeviceProtocol({
  name: "irobot",
  label: "iRobot",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [5678],
  firstOctets: firstOctetsOf(QUESTION),
  source: "iRobot Roomba discovery (dorita980)",
  probe: (slice, { serverPort, clientPort }) => {
    const { buf, off, end } = slice;
    if (probeBeginning(slice, QUESTION) === PROBE_YES) return PROBE_YES;
    if (u8(buf, off) !== 0x7b || (serverPort !== 5678 && clientPort !== 5678)) return PROBE_NO;
    return containsAscii(buf, off, end, '"robotname"') ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const answer = end - off > 2048 ? undefined : readJsonObject(buf, off, end);
    if (answer?.hostname === undefined) return;
    const { robotname: name, sku: model, sw: firmware, mac, hostname: deviceId } = answer;
    out.event(deviceTold("answer", { vendor: "iRobot", name, model, firmware, mac, deviceId }));
  },
});
