import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HOST = 0x0000;
const SIGNED = 0x0200;
const ENCRYPTED = 0x0210;
const NEXT: ReadonlySet<number> = new Set([0x0001, 0x0002, 0x0007, 0x0008, 0x0009]);

export const collectd = defineSignature({
  name: "collectd",
  label: "collectd",
  category: "System",
  transport: ["udp"],
  ports: [25826],
  firstOctets: [0],
  source: "collectd binary protocol: parts, of which the host comes first, or encrypted ones",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (end - off < 12) return PROBE_NO;
    const type = u16(buf, off);
    const length = u16(buf, off + 2);
    if (type === SIGNED || type === ENCRYPTED)
      return serverPort === 25826 && length <= end - off ? PROBE_YES : PROBE_NO;
    if (type !== HOST || length < 6 || length > 256 || off + length + 4 > end) return PROBE_NO;
    // The host's text ends with a zero; the next part is a time, a plug-in or an interval.
    const next = u16(buf, off + length);
    return u8(buf, off + length - 1) === 0 && u8(buf, off + 4) > 0x20 && NEXT.has(next) ? PROBE_YES : PROBE_NO;
  },
});
