import { startsWithAscii, u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const PORT = 514;
const MONTHS = [
  "Jan ",
  "Feb ",
  "Mar ",
  "Apr ",
  "May ",
  "Jun ",
  "Jul ",
  "Aug ",
  "Sep ",
  "Oct ",
  "Nov ",
  "Dec ",
] as const;

export const syslog = defineSignature({
  name: "syslog",
  label: "Syslog",
  category: "System",
  transport: ["udp", "tcp"],
  ports: [PORT, 601],
  firstOctets: [0x3c],
  source: "RFC 5424 §6, RFC 3164 §4.1",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (u8(buf, off) !== 0x3c) return PROBE_NO;
    let priority = 0;
    let at = off + 1;
    for (; at < end && at < off + 4; at++) {
      const digit = u8(buf, at) - 0x30;
      if (digit < 0 || digit > 9) break;
      priority = priority * 10 + digit;
    }
    if (at === off + 1 && at < end) return PROBE_NO;
    if (at + 5 > end) return PROBE_MORE;
    if (u8(buf, at) !== 0x3e || priority > 191) return PROBE_NO;
    at++;
    if (u8(buf, at) === 0x31 && u8(buf, at + 1) === 0x20) return PROBE_YES;
    if (MONTHS.some((month) => startsWithAscii(buf, at, end, month))) return PROBE_YES;
    // Old senders leave out the time, or put a counter before it; on the port of syslog that is enough.
    return serverPort === PORT && u8(buf, at) >= 0x20 && u8(buf, at) < 0x7f ? PROBE_YES : PROBE_NO;
  },
});
