import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, asText, containsAscii, readJsonObject } from "../json-scan.ts";
import { probeBeginning } from "../signature.ts";

const METHODS = [
  '"getPilot"',
  '"setPilot"',
  '"syncPilot"',
  '"registration"',
  '"getSystemConfig"',
  '"firstBeat"',
] as const;

export const wiz = defineDeviceProtocol({
  name: "wiz",
  label: "WiZ",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [38899, 38900],
  firstOctets: [],
  source: "WiZ lights, local UDP protocol (pywizlight)",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (probeBeginning(slice, "{") !== PROBE_YES || end - off < 16) return PROBE_NO;
    const stop = Math.min(end, off + 160);
    if (!containsAscii(buf, off, stop, '"method"')) return PROBE_NO;
    for (const method of METHODS) if (containsAscii(buf, off, stop, method)) return PROBE_YES;
    return containsAscii(buf, off, stop, '"env":"pro"') ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const object = end - off > 2048 ? undefined : readJsonObject(buf, off, end);
    const method = asText(object?.method);
    const result = asObject(object?.result) ?? asObject(object?.params);
    if (method === undefined || result?.mac === undefined) return;
    out.event(
      deviceTold(method, { vendor: "WiZ", mac: result.mac, model: result.moduleName, firmware: result.fwVersion }),
    );
  },
});
