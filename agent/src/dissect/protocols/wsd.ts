import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii } from "../json-scan.ts";
import { elementText, xmlText } from "../xml-scan.ts";

/** Name spaces of the two versions. They stand in the envelope's first lines. */
const NAMESPACES = [
  "schemas.xmlsoap.org/ws/2005/04/discovery",
  "docs.oasis-open.org/ws-dd/ns/discovery/2009/01",
] as const;
const LOOK = 700;

export const wsd = defineDeviceProtocol({
  name: "wsd",
  label: "WSD",
  category: "Network",
  transport: ["udp"],
  ports: [3702],
  firstOctets: [0x3c],
  source: "OASIS WS-Discovery 1.1 §4, §5; ONVIF Core Specification §7.3 (scopes)",
  probe: ({ buf, off, end }) => {
    if (end - off < 100 || buf[off] !== 0x3c) return PROBE_NO;
    for (const name of NAMESPACES) if (containsAscii(buf, off, Math.min(end, off + LOOK), name)) return PROBE_YES;
    return PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const xml = xmlText(buf, off, end);
    const action = elementText(xml, "Action")?.split("/").pop();
    const scopes = elementText(xml, "Scopes") ?? "";
    out.event(
      deviceTold(action ?? "message", {
        deviceId: elementText(xml, "Address")?.replace(/^urn:uuid:/, ""),
        name: scopeOf(scopes, "name"),
        model: scopeOf(scopes, "hardware"),
        detail: elementText(xml, "Types"),
      }),
    );
  },
});

/** "onvif://www.onvif.org/hardware/DS-2CD2142FWD-I" */
function scopeOf(scopes: string, kind: string): string | undefined {
  const value = new RegExp(`onvif://www\\.onvif\\.org/${kind}/([^\\s<]+)`).exec(scopes)?.[1];
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
