import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const fastcgi = defineSignature({
  name: "fastcgi",
  label: "FastCGI",
  category: "Web",
  transport: ["tcp"],
  ports: [9000],
  firstOctets: [0x01],
  source: "FastCGI 1.0 §3.3, §5.1: FCGI_BEGIN_REQUEST",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 1) return PROBE_NO;
    if (end - off < 16) return end - off >= 2 && u8(buf, off + 1) !== 1 ? PROBE_NO : PROBE_MORE;
    // Version, type, request, eight octets of content without padding: role 1 to 3, flags, five zeros.
    const role = u16(buf, off + 8);
    if (u8(buf, off + 1) !== 1 || u16(buf, off + 4) !== 8 || u16(buf, off + 6) !== 0) return PROBE_NO;
    return role >= 1 && role <= 3 && u8(buf, off + 10) <= 1 && u32(buf, off + 11) === 0 ? PROBE_YES : PROBE_NO;
  },
});
