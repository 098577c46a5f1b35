import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "LoxLIVE: ";

export const loxone = defineDeviceProtocol({
  name: "loxone",
  label: "Loxone",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [7070, 7071],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Loxone Miniserver, answer to the search on UDP 7070 (node-lox, LoxBerry)",
  probe: (slice) => probeBeginning(slice, BEGINNING),
  tell({ buf, off, end }, out) {
    // "LoxLIVE: " name, address with port, serial, version.
    const text = /^LoxLIVE: (.*?) (\d+\.\d+\.\d+\.\d+:\d+) ([0-9A-Fa-f]{12})(?: ([\d.]+))?/.exec(
      sanitizeOctets(buf, off, end, 256),
    );
    if (text === null) return;
    out.event(
      deviceTold("answer", { vendor: "Loxone", name: text[1], mac: text[3], deviceId: text[3], firmware: text[4] }),
    );
  },
});
