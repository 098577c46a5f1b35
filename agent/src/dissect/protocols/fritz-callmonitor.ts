import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** "01.02.26 10:11:12;RING;": d is a digit. */
const SHAPE = "dd.dd.dd dd:dd:dd;";

export const fritzCallmonitor = defineSignature({
  name: "fritz-callmonitor",
  label: "FRITZ-CallMonitor",
  category: "VoIP",
  transport: ["tcp"],
  ports: [1012],
  firstOctets: [],
  source: "AVM FRITZ!Box call monitor (TCP 1012), lines RING, CALL, CONNECT, DISCONNECT",
  probe: ({ buf, off, end, toServer }) => {
    if (toServer) return PROBE_NO;
    for (let i = 0; i < SHAPE.length; i++) {
      if (off + i >= end) return PROBE_MORE;
      const octet = u8(buf, off + i);
      if (SHAPE[i] === "d" ? octet < 0x30 || octet > 0x39 : octet !== SHAPE.charCodeAt(i)) return PROBE_NO;
    }
    return PROBE_YES;
  },
});
