import { u8, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const START = 0xe3;
const HELLO = 0x01;
const HASH_OCTETS = 16;
const MAX_HELLO = 1024;

export const edonkey = defineSignature({
  name: "edonkey",
  label: "eDonkey",
  category: "Download",
  transport: ["tcp"],
  ports: [4662],
  firstOctets: [START],
  source: "eMule protocol specification (Kulbak, Bickson) §6.4.1, §2.2 (user hash)",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== START) return PROBE_NO;
    if (end - off < 7 + HASH_OCTETS) return end - off < 5 || u32le(buf, off + 1) <= MAX_HELLO ? PROBE_MORE : PROBE_NO;
    if (u32le(buf, off + 1) > MAX_HELLO || u8(buf, off + 5) !== HELLO || u8(buf, off + 6) !== HASH_OCTETS)
      return PROBE_NO;
    // eMule marks the hashes of its users.
    return u8(buf, off + 7 + 5) === 14 && u8(buf, off + 7 + 14) === 111 ? PROBE_YES : PROBE_NO;
  },
});
