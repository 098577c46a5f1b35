import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const rsh = defineSignature({
  name: "rsh",
  label: "RSH",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39],
  source: "4.2BSD remote shell: port of the error stream, two users, a command, each ended by zero",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    if (!toServer || serverPort !== 514) return PROBE_NO;
    const stop = Math.min(end, off + 6);
    for (let at = off; at < stop; at++) {
      const octet = u8(buf, at);
      if (octet === 0)
        return end - at > 4 && u8(buf, at + 1) > 0x20 && u8(buf, at + 1) < 0x7f && u8(buf, end - 1) === 0
          ? PROBE_YES
          : PROBE_MORE;
      if (octet < 0x30 || octet > 0x39) return PROBE_NO;
    }
    return end - off < 6 ? PROBE_MORE : PROBE_NO;
  },
});
