import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER = 8;
/** Version of a question whose sender does not know the other's. */
const ANY_VERSION = 0xff;
const DIAGNOSTIC = 0x8001;
const DIAGNOSTIC_REFUSED = 0x8003;
/** Two addresses and one octet of a message at least; messages beyond 64 KiB are not sent. */
const DIAGNOSTIC_LEAST = 5;
const DIAGNOSTIC_MOST = 65_536;

/** Octets behind the header, by payload type: what the standard allows, optional fields left out or there. */
const LENGTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [0x0000, [1]],
  [0x0001, [0]],
  [0x0002, [6]],
  [0x0003, [17]],
  [0x0004, [32, 33]],
  [0x0005, [7, 11]],
  [0x0006, [9, 13]],
  [0x0007, [0]],
  [0x0008, [2]],
  [0x4001, [0]],
  [0x4002, [3, 7]],
  [0x4003, [0]],
  [0x4004, [1]],
]);

export const doip = defineSignature({
  name: "doip",
  label: "DoIP",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [13400],
  firstOctets: [0x01, 0x02, 0x03, ANY_VERSION],
  source: "ISO 13400-2 §7.1.2: generic header; §7.1.3: payload types",
  probe: ({ buf, off, end }) => {
    const version = u8(buf, off);
    if (version === 0 || (version > 3 && version !== ANY_VERSION)) return PROBE_NO;
    if (end - off >= 2 && (version ^ u8(buf, off + 1)) !== 0xff) return PROBE_NO;
    if (end - off < HEADER) return PROBE_MORE;
    const type = u16(buf, off + 2);
    const length = u32(buf, off + 4);
    // Only who asks what vehicles there are does not know their version.
    if (version === ANY_VERSION && (type < 1 || type > 3)) return PROBE_NO;
    const fits =
      type >= DIAGNOSTIC && type <= DIAGNOSTIC_REFUSED
        ? length >= DIAGNOSTIC_LEAST && length <= DIAGNOSTIC_MOST
        : LENGTHS.get(type)?.includes(length) === true;
    return fits ? PROBE_YES : PROBE_NO;
  },
});
