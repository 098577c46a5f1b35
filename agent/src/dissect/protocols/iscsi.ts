import { u8, u16, u24 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const iscsi = defineSignature({
  name: "iscsi",
  label: "iSCSI",
  category: "DataTransfer",
  transport: ["tcp"],
  ports: [3260],
  firstOctets: [0x43],
  source: "RFC 7143 §11.12: login request",
  probe: ({ buf, off, end, toServer }) => {
    if (!toServer || u8(buf, off) !== 0x43) return PROBE_NO;
    if (end - off < 48) return PROBE_MORE;
    return u16(buf, off + 2) === 0 && u8(buf, off + 4) === 0 && u24(buf, off + 5) > 0 && u16(buf, off + 22) === 0
      ? PROBE_YES
      : PROBE_NO;
  },
});
