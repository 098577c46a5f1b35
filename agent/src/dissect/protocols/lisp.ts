import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const lisp = defineSignature({
  name: "lisp",
  label: "LISP",
  category: "Cloud",
  transport: ["udp"],
  ports: [4341, 4342],
  firstOctets: [],
  source: "RFC 9300 §5.1, RFC 9301 §5",
  probe: ({ buf, off, end }, { clientPort, serverPort }) => {
    if (end - off < 12) return PROBE_NO;
    const isControl = serverPort === 4342 || clientPort === 4342;
    const type = u8(buf, off) >>> 4;
    // Data: eight octets, of which one flag must be zero, then an IP packet.
    const inner = end - off > 28 ? u8(buf, off + 8) >>> 4 : 0;
    if (!isControl) return inner === 4 || inner === 6 ? PROBE_YES : PROBE_NO;
    const records = u8(buf, off + 3);
    // Requests, replies, registrations, notices of a few records; an encapsulated one has none.
    if (type === 8) return (u8(buf, off + 1) | u8(buf, off + 2) | records) === 0 ? PROBE_YES : PROBE_NO;
    return type >= 1 && type <= 4 && records >= 1 && records <= 32 ? PROBE_YES : PROBE_NO;
  },
});
