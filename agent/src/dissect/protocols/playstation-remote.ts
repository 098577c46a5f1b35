import { indexOfOctet } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii } from "../json-scan.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

const QUESTIONS = ["SRCH * HTTP/1.1\n", "WAKEUP * HTTP/1.1\n", "LAUNCH * HTTP/1.1\n"] as const;
/** Awake and asleep, in the console's own writing. */
const ANSWERS = ["HTTP/1.1 200 Ok\n", "HTTP/1.1 620 Server Standby\n"] as const;

export const playstationRemote = defineDeviceProtocol({
  name: "playstation-remote",
  label: "Playstation",
  category: "Game",
  transport: ["udp"],
  ports: [987, 9302],
  firstOctets: firstOctetsOf(...QUESTIONS, ...ANSWERS),
  source: "PlayStation device discovery (chiaki, discovery.c; ps4-waker)",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (probeBeginnings(slice, QUESTIONS) === PROBE_YES)
      return containsAscii(buf, off, end, "device-discovery-protocol-version") ? PROBE_YES : PROBE_NO;
    return probeBeginnings(slice, ANSWERS) === PROBE_YES && containsAscii(buf, off, end, "host-id:")
      ? PROBE_YES
      : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const fields = new Map<string, string>();
    for (let at = off; at < Math.min(end, off + 1024); ) {
      const lineFeed = indexOfOctet(buf, at, end, 0x0a);
      const stop = lineFeed < 0 ? end : lineFeed;
      const line = sanitizeOctets(buf, at, stop, 128);
      const colon = line.indexOf(":");
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
      at = stop + 1;
    }
    if (!fields.has("host-id")) return;
    out.event(
      deviceTold("announce", {
        vendor: "Sony",
        model: fields.get("host-type"),
        deviceId: fields.get("host-id"),
        name: fields.get("host-name"),
        firmware: fields.get("system-version"),
      }),
    );
  },
});
