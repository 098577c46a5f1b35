import { indexOfOctet } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii } from "../json-scan.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["HTTP/1.0 200 OK", "HELLO * HTTP/1.0", "BYE * HTTP/1.0", "UPDATE * HTTP/1.0"] as const;

export const plexGdm = defineDeviceProtocol({
  name: "plex-gdm",
  label: "Plex",
  category: "Media",
  transport: ["udp"],
  ports: [32410, 32412, 32413, 32414],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: 'Plex "G\'Day Mate" discovery (plexapi, gdm.py)',
  probe: (slice) => {
    if (probeBeginnings(slice, BEGINNINGS) !== PROBE_YES) return PROBE_NO;
    return containsAscii(slice.buf, slice.off, Math.min(slice.end, slice.off + 256), "plex/media-")
      ? PROBE_YES
      : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const field = (name: string): string | undefined => fieldOf(buf, off, end, name);
    const deviceId = field("Resource-Identifier");
    if (deviceId === undefined) return;
    out.event(
      deviceTold(field("Content-Type") ?? "announce", {
        deviceId,
        name: field("Name"),
        firmware: field("Version"),
        model: field("Product"),
      }),
    );
  },
});

function fieldOf(buf: Uint8Array, off: number, end: number, name: string): string | undefined {
  for (let at = off; at < Math.min(end, off + 1024); ) {
    const lineFeed = indexOfOctet(buf, at, end, 0x0a);
    const stop = lineFeed < 0 ? end : lineFeed;
    const line = sanitizeOctets(buf, at, stop, 128);
    if (line.startsWith(`${name}:`)) return line.slice(name.length + 1).trim();
    at = stop + 1;
  }
  return undefined;
}
