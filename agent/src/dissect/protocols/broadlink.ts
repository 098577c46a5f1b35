import { indexOfOctet, u8, u16le, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

const MAGIC_HIGH = 0x5aa5_aa55;
const HELLO_OCTETS = 0x30;
const HELLO_REPLY_OCTETS = 0x80;
const COMMAND_OCTETS = 0x38;
const SUM_START = 0xbeaf;
const HELLO = 6;
const HELLO_REPLY = 7;

export const broadlink = defineDeviceProtocol({
  name: "broadlink",
  label: "BroadLink",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [80],
  firstOctets: [0x5a],
  source: "BroadLink RM protocol (python-broadlink, protocol.md)",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < HELLO_OCTETS) return PROBE_NO;
    const isCommand = length >= COMMAND_OCTETS && u32(buf, off) === MAGIC_HIGH && u32(buf, off + 4) === MAGIC_HIGH;
    const isHello =
      (length === HELLO_OCTETS && u16le(buf, off + 0x26) === HELLO) ||
      (length >= HELLO_REPLY_OCTETS && u16le(buf, off + 0x26) === HELLO_REPLY);
    return (isCommand || isHello) && hasSum(buf, off, end) ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < HELLO_REPLY_OCTETS || u16le(buf, off + 0x26) !== HELLO_REPLY || !hasSum(buf, off, end)) return;
    let mac = "";
    for (let i = 5; i >= 0; i--)
      mac += u8(buf, off + 0x3a + i)
        .toString(16)
        .padStart(2, "0");
    const zero = indexOfOctet(buf, off + 0x40, end, 0);
    out.event(
      deviceTold("hello", {
        vendor: "BroadLink",
        model: `0x${u16le(buf, off + 0x34).toString(16)}`,
        mac,
        name: sanitizeOctets(buf, off + 0x40, zero < 0 ? end : zero, 64),
      }),
    );
  },
});

/** Sum of all octets but of the sum's own two, from 0xbeaf on. */
function hasSum(buf: Uint8Array, off: number, end: number): boolean {
  const told = u16le(buf, off + 0x20);
  let sum = SUM_START - u8(buf, off + 0x20) - u8(buf, off + 0x21);
  for (let at = off; at < end; at++) sum += u8(buf, at);
  return (sum & 0xffff) === told;
}
