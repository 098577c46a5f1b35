import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Clocks before this tell of another protocol: 2000-01-01, seconds since 1970. */
const YEAR_2000 = 946_684_800;
/** Sets begin with 0 (templates), 1 (their options), or from 256 (data); IPFIX numbers its templates 2 and 3. */
const isSet = (id: number): boolean => id <= 3 || id >= 256;

export const netflow = defineSignature({
  name: "netflow",
  label: "NetFlow",
  category: "Network",
  transport: ["udp"],
  ports: [2055, 2056, 4739, 9555, 9995, 9996],
  firstOctets: [0],
  source: "Cisco NetFlow 1, 5, 7; RFC 3954 §5.1; RFC 7011 §3.1",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 16) return PROBE_NO;
    const count = u16(buf, off + 2);
    switch (u16(buf, off)) {
      case 1:
        return count > 0 && count <= 24 && length === 16 + count * 52 ? PROBE_YES : PROBE_NO;
      case 5:
        return count > 0 && count <= 30 && length === 24 + count * 48 ? PROBE_YES : PROBE_NO;
      case 7:
        return count > 0 && count <= 28 && length === 24 + count * 52 ? PROBE_YES : PROBE_NO;
      case 9:
        return isNetflow9(buf, off, length, count) ? PROBE_YES : PROBE_NO;
      case 10:
        return isIpfix(buf, off, length) ? PROBE_YES : PROBE_NO;
      default:
        return PROBE_NO;
    }
  },
});

const isNetflow9 = (buf: Uint8Array, off: number, length: number, count: number): boolean =>
  length >= 24 &&
  count > 0 &&
  count <= length &&
  u32(buf, off + 8) > YEAR_2000 &&
  isSet(u16(buf, off + 20)) &&
  u16(buf, off + 22) >= 4 &&
  u16(buf, off + 22) <= length - 20;

const isIpfix = (buf: Uint8Array, off: number, length: number): boolean =>
  length >= 20 && u16(buf, off + 2) === length && u32(buf, off + 4) > YEAR_2000 && isSet(u16(buf, off + 16));
