import { startsWithAscii, u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold, hexText } from "../device-told.ts";
import { probeBeginning } from "../signature.ts";

const HELLO = "HELO";
/** Device, revision, MAC; newer players add 16 octets of UUID, flags and more. */
const SHORTEST_HELLO = 10;
const MAX_MESSAGE = 4096;
const MODELS: ReadonlyMap<number, string> = new Map([
  [2, "Squeezebox"],
  [4, "Squeezebox 2"],
  [5, "Transporter"],
  [7, "Squeezebox Receiver"],
  [8, "Squeezeslave"],
  [9, "Squeezebox Controller"],
  [10, "Squeezebox Boom"],
  [12, "Squeezeplay"],
]);

export const slimproto = defineDeviceProtocol({
  name: "slimproto",
  label: "Slimproto",
  category: "Music",
  transport: ["tcp", "udp"],
  ports: [3483],
  firstOctets: [0x48],
  source: "Lyrion (Logitech) Media Server, SlimProto TCP protocol and player discovery",
  probe: (slice, { serverPort, clientPort }) => {
    const { buf, off, end } = slice;
    const first = u8(buf, off);
    // Datagrams: a question by tags of four letters, each with a length; its answer in capitals.
    if ((first === 0x65 || first === 0x45) && (serverPort === 3483 || clientPort === 3483))
      return startsWithAscii(buf, off + 1, end, "IPAD") || startsWithAscii(buf, off + 1, end, "NAME")
        ? PROBE_YES
        : PROBE_NO;
    const code = probeBeginning(slice, HELLO);
    if (code !== PROBE_YES) return code;
    if (end - off < 8) return PROBE_MORE;
    const length = u32(buf, off + 4);
    return length >= SHORTEST_HELLO && length <= 512 ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < 8) return end - off >= 2 && u8(buf, off) < 0x20 ? 2 + u16(buf, off) : 0;
    // Players name the message and then its length; the server's length of two octets comes first.
    const octets = u8(buf, off) < 0x20 ? 2 + u16(buf, off) : 8 + u32(buf, off + 4);
    return octets <= MAX_MESSAGE ? octets : -1;
  },
  tell({ buf, off, end }, out) {
    if (startsWithAscii(buf, off, end, HELLO) && end - off >= 8 + SHORTEST_HELLO)
      out.event(
        deviceTold("hello", {
          model: MODELS.get(u8(buf, off + 8)) ?? `device ${u8(buf, off + 8)}`,
          firmware: u8(buf, off + 9),
          mac: hexText(buf, off + 10, 6),
        }),
      );
  },
});
