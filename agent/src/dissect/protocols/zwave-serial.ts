import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const START = 0x01;
const NAK = 0x15;
/** What a host asks first: capabilities of the interface, of the controller, version, home and node, reset. */
const BEGINNINGS: readonly number[] = [0x02, 0x05, 0x07, 0x08, 0x15, 0x20, 0x0b, 0x28];
const MAX_LENGTH = 32;

export const zwaveSerial = defineSignature({
  name: "zwave-serial",
  label: "Z-Wave",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [],
  firstOctets: [START, NAK],
  source: "Z-Wave INS12350, serial API host application programming guide §5 (data frame, checksum)",
  probe: ({ buf, off, end }) => {
    // A host that was cut off says first that it understood nothing.
    const at = u8(buf, off) === NAK ? off + 1 : off;
    if (end - at < 4) return at >= end || u8(buf, at) === START ? PROBE_MORE : PROBE_NO;
    const length = u8(buf, at + 1);
    if (u8(buf, at) !== START || length < 3 || length > MAX_LENGTH || u8(buf, at + 2) !== 0) return PROBE_NO;
    if (!BEGINNINGS.includes(u8(buf, at + 3))) return PROBE_NO;
    const last = at + 1 + length;
    if (last >= end) return PROBE_MORE;
    let sum = 0xff;
    for (let i = at + 1; i < last; i++) sum ^= u8(buf, i);
    return sum === u8(buf, last) ? PROBE_YES : PROBE_NO;
  },
});
