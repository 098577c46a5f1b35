import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const dicom = defineSignature({
  name: "dicom",
  label: "DICOM",
  category: "Health",
  transport: ["tcp"],
  ports: [104, 4242, 11112],
  firstOctets: [0x01],
  source: "DICOM PS3.8 §9.3.2: A-ASSOCIATE-RQ",
  probe: ({ buf, off, end, toServer }) => {
    if (!toServer || u8(buf, off) !== 1) return PROBE_NO;
    if (end - off < 26) return end - off >= 2 && u8(buf, off + 1) !== 0 ? PROBE_NO : PROBE_MORE;
    const length = u32(buf, off + 2);
    // Version 1; the title of the called application is text.
    return u8(buf, off + 1) === 0 &&
      length >= 68 &&
      length < 65_536 &&
      u16(buf, off + 6) === 1 &&
      u16(buf, off + 8) === 0 &&
      u8(buf, off + 10) >= 0x20 &&
      u8(buf, off + 10) < 0x7f
      ? PROBE_YES
      : PROBE_NO;
  },
});
