import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const TO_CONTAINER = 0x1234;
const TO_SERVER = 0x4142;
const isMagic = (magic: number): boolean => magic === TO_CONTAINER || magic === TO_SERVER;

export const ajp = defineSignature({
  name: "ajp",
  label: "AJP",
  category: "Web",
  transport: ["tcp"],
  ports: [8009],
  firstOctets: [0x12, 0x41],
  source: "AJPv13: packet headers",
  probe: ({ buf, off, end }) => {
    if (end - off < 5)
      return u8(buf, off) === 0x12 || u8(buf, off) === 0x41
        ? end - off < 2 || isMagic(u16(buf, off))
          ? PROBE_MORE
          : PROBE_NO
        : PROBE_NO;
    const magic = u16(buf, off);
    const code = u8(buf, off + 4);
    if (!isMagic(magic) || u16(buf, off + 2) === 0 || u16(buf, off + 2) > 8192) return PROBE_NO;
    return magic === TO_CONTAINER
      ? code === 2 || code === 7 || code === 8 || code === 10
        ? PROBE_YES
        : PROBE_NO
      : code >= 3 && code <= 9
        ? PROBE_YES
        : PROBE_NO;
  },
});
