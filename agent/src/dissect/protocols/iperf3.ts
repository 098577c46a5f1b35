import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const COOKIE = 36;

export const iperf3 = defineSignature({
  name: "iperf3",
  label: "iPerf",
  category: "Network",
  transport: ["tcp"],
  ports: [5201],
  firstOctets: [],
  source: "iperf 3: cookie of 36 characters and a zero",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    if (!toServer || serverPort !== 5201) return PROBE_NO;
    for (let at = off; at < end && at < off + COOKIE; at++) {
      const octet = u8(buf, at);
      const isLetter = (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x32 && octet <= 0x37);
      if (!isLetter) return PROBE_NO;
    }
    if (end - off <= COOKIE) return PROBE_MORE;
    return u8(buf, off + COOKIE) === 0 ? PROBE_YES : PROBE_NO;
  },
});
