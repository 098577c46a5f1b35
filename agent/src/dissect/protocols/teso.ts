import { u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

/** Octets of the first message: a ticket of some hundred beside the name. */
const LEAST = 600;
const MOST = 4096;

export const teso = defineSignature({
  name: "teso",
  label: "TES_Online",
  category: "Game",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0],
  source: "The Elder Scrolls Online: length, name of the realm",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 4) return PROBE_MORE;
    const message = u32(buf, off) + 4;
    if (message < LEAST || message > MOST) return PROBE_NO;
    if (length < message) return PROBE_MORE;
    return length === message && containsAscii(buf, off, end, "eso.live") ? PROBE_YES : PROBE_NO;
  },
});
