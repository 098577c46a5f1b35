import { indexOfOctet, startsWithAscii, u8 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode, type Slice } from "../define.ts";
import { defineDeviceProtocol, lineLength } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asObject, asText, containsAscii, readJsonObject } from "../json-scan.ts";
import { probeBeginning } from "../signature.ts";

const LINES = ["M-SEARCH * HTTP/1.1", "NOTIFY * HTTP/1.1", "HTTP/1.1 200 OK"] as const;
const COMMAND = '{"id":';
const REPORT = '{"method":"props","params":{';

export const yeelight = defineDeviceProtocol({
  name: "yeelight",
  label: "Yeelight",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [1982, 55443],
  firstOctets: [],
  source: "Yeelight WiFi light inter-operation specification §3 (discovery), §4 (control)",
  probe: (slice) => (u8(slice.buf, slice.off) === 0x7b ? probeControl(slice) : probeDiscovery(slice)),
  length: lineLength,
  tell({ buf, off, end, toServer }, out) {
    if (u8(buf, off) === 0x7b) {
      const object = readJsonObject(buf, off, end);
      const method = asText(object?.method);
      if (method === undefined || (toServer && object?.id === undefined)) return;
      // Commands are of who controls the lamp.
      out.event(
        toServer
          ? deviceTold(method)
          : deviceTold(method, { vendor: "Yeelight", name: asObject(object?.params)?.name }),
      );
      return;
    }
    const text = sanitizeLines(buf, off, end);
    if (!text.includes("yeelight://")) return;
    out.event(
      deviceTold("announce", {
        vendor: "Yeelight",
        deviceId: fieldOf(text, "id"),
        model: fieldOf(text, "model"),
        firmware: fieldOf(text, "fw_ver"),
        name: decodeName(fieldOf(text, "name")),
      }),
    );
  },
});

function probeDiscovery({ buf, off, end }: Slice): ProbeCode {
  for (const line of LINES) {
    if (!startsWithAscii(buf, off, end, line)) continue;
    const stop = Math.min(end, off + 512);
    const isBulb = containsAscii(buf, off, stop, "wifi_bulb") || containsAscii(buf, off, stop, "yeelight://");
    return isBulb ? PROBE_YES : PROBE_NO;
  }
  return PROBE_NO;
}

function probeControl(slice: Slice): ProbeCode {
  const { buf, off, end } = slice;
  const report = probeBeginning(slice, REPORT);
  if (report !== PROBE_NO) return report;
  const command = probeBeginning(slice, COMMAND);
  if (command !== PROBE_YES) return command;
  // Number, method and parameters in one line.
  if (containsAscii(buf, off, Math.min(end, off + 128), '"method":')) return PROBE_YES;
  return end - off < 128 ? PROBE_MORE : PROBE_NO;
}

/** Lines behind a mark each, since controls are taken out of texts. */
function sanitizeLines(buf: Uint8Array, off: number, end: number): string {
  let text = "";
  for (let at = off; at < Math.min(end, off + 1024); ) {
    const lineFeed = indexOfOctet(buf, at, end, 0x0a);
    const stop = lineFeed < 0 ? end : lineFeed;
    text += `${sanitizeOctets(buf, at, stop, 128)}\n`;
    at = stop + 1;
  }
  return text;
}

const fieldOf = (text: string, field: string): string | undefined =>
  new RegExp(`^${field}: (.*)$`, "m").exec(text)?.[1];

/** Names are in base 64 unless they are plain. */
const decodeName = (name: string | undefined): string | undefined =>
  name !== undefined && /^[A-Za-z0-9+/]{4,}={0,2}$/.test(name) && name.length % 4 === 0
    ? Buffer.from(name, "base64").toString("utf8")
    : name;
