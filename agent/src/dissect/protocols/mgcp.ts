import { startsWithAscii, u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const VERBS = ["EPCF ", "CRCX ", "MDCX ", "DLCX ", "RQNT ", "NTFY ", "AUEP ", "AUCX ", "RSIP "] as const;
const VERSION = " MGCP ";
/** Verb, transaction, end point: longer first lines are not sent. */
const LINE = 200;

export const mgcp = defineSignature({
  name: "mgcp",
  label: "MGCP",
  category: "VoIP",
  transport: ["udp"],
  ports: [2427, 2727],
  firstOctets: [0x45, 0x43, 0x4d, 0x44, 0x52, 0x4e, 0x41],
  source: "RFC 3435 §3.2.1",
  probe: ({ buf, off, end }) => {
    let isVerb = false;
    for (const verb of VERBS) isVerb ||= startsWithAscii(buf, off, end, verb);
    if (!isVerb) return PROBE_NO;
    for (let at = off + 5; at < Math.min(end, off + LINE) && u8(buf, at) >= 0x20; at++)
      if (u8(buf, at) === 0x20 && startsWithAscii(buf, at, end, VERSION)) return PROBE_YES;
    return PROBE_NO;
  },
});
