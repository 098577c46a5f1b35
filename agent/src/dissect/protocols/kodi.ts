import { indexOfOctet, startsWithAscii, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode, type Slice } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { probeBeginning } from "../signature.ts";

const EVENT_HEADER = 32;
const HELLO = 1;
const METHOD = '"method":"';
/** Name spaces of Kodi's methods and notifications (JSON-RPC API v12). */
const SPACES = [
  "JSONRPC.",
  "Player.",
  "Application.",
  "VideoLibrary.",
  "AudioLibrary.",
  "GUI.",
  "Input.",
  "XBMC.",
  "Playlist.",
];
/** By then a method has been named. */
const ENOUGH = 160;

export const kodi = defineDeviceProtocol({
  name: "kodi",
  label: "Kodi",
  category: "Media",
  transport: ["udp", "tcp"],
  ports: [9777, 9090],
  firstOctets: [0x58],
  source: "Kodi EventServer (EventPacket.h), Kodi JSON-RPC API over TCP",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (u8(buf, off) === 0x7b) return probeCall(slice);
    const code = probeBeginning(slice, "XBMC\x02\0\0");
    if (code !== PROBE_YES) return code;
    return end - off >= EVENT_HEADER && u16(buf, off + 16) === end - off - EVENT_HEADER ? PROBE_YES : PROBE_NO;
  },
  // Calls hold what people watch: over TCP none is read.
  tell({ buf, off, end }, out) {
    if (end - off <= EVENT_HEADER || !startsWithAscii(buf, off, end, "XBMC") || u16(buf, off + 6) !== HELLO) return;
    const zero = indexOfOctet(buf, off + EVENT_HEADER, end, 0);
    const stop = zero < 0 ? end : zero;
    out.event(deviceTold("hello", { name: sanitizeOctets(buf, off + EVENT_HEADER, stop, 64) }));
  },
});

function probeCall({ buf, off, end }: Slice): ProbeCode {
  const stop = Math.min(end, off + ENOUGH);
  for (let at = off; at + METHOD.length < stop; at++) {
    if (u8(buf, at) !== 0x22 || !startsWithAscii(buf, at, stop, METHOD)) continue;
    const name = at + METHOD.length;
    for (const space of SPACES) {
      if (startsWithAscii(buf, name, stop, space)) return PROBE_YES;
    }
    return stop - name < 14 && stop < off + ENOUGH ? PROBE_MORE : PROBE_NO;
  }
  return stop < off + ENOUGH ? PROBE_MORE : PROBE_NO;
}
