import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const oicq = defineSignature({
  name: "oicq",
  label: "OICQ",
  category: "Chat",
  transport: ["udp"],
  ports: [8000],
  firstOctets: [0x02],
  source: "OICQ: mark, version, command, and the mark of the end",
  probe: ({ buf, off, end }, { serverPort }) =>
    end - off >= 11 &&
    u8(buf, off) === 2 &&
    u8(buf, end - 1) === 3 &&
    u16(buf, off + 3) > 0 &&
    (u16(buf, off + 3) <= 0x00b5 || u16(buf, off + 3) === 0x03f7) &&
    (serverPort === 8000 || u16(buf, off + 1) === 0x3b0b)
      ? PROBE_YES
      : PROBE_NO,
});
