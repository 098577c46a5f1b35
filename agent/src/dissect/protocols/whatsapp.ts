import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, probeBeginning } from "../signature.ts";

/** Tells edges where to route: "ED", version, then the length of what it says. */
const ROUTING = "ED\0\x01";
const PROLOGUE = 0x5741;
const LAST_VERSION = 6;
const LAST_DICTIONARY = 9;

export const whatsapp = defineSignature({
  name: "whatsapp",
  label: "WhatsApp",
  category: "Chat",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x45, 0x57],
  source:
    "WhatsApp over TCP: routing prologue; prologue of its Noise pipes and of the older FunXMPP: WA, version, dictionary",
  probe: (slice) => {
    const { buf, off, end, toServer } = slice;
    if (!toServer) return PROBE_NO;
    if (u8(buf, off) === 0x45) return probeBeginning(slice, ROUTING);
    if (end - off < 4)
      return u8(buf, off) === 0x57 && (end - off < 2 || u16(buf, off) === PROLOGUE) ? PROBE_MORE : PROBE_NO;
    if (u16(buf, off) !== PROLOGUE) return PROBE_NO;
    const version = u8(buf, off + 2);
    return version >= 1 && version <= LAST_VERSION && u8(buf, off + 3) <= LAST_DICTIONARY ? PROBE_YES : PROBE_NO;
  },
});
