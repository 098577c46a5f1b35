import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Where the sixteen octets that mark messages outside of a connection stand, by message. */
const MARK_AT: ReadonlyMap<number, number> = new Map([
  [0x01, 9],
  [0x02, 9],
  [0x05, 1],
  [0x06, 1],
  [0x07, 1],
  [0x08, 1],
  [0x19, 2],
  [0x1c, 17],
]);

export const raknet = defineSignature({
  name: "raknet",
  label: "RakNet",
  category: "Game",
  transport: ["udp"],
  ports: [19132],
  firstOctets: [...MARK_AT.keys()],
  source: "RakNet 4, MessageIdentifiers.h and RakPeer.cpp (OFFLINE_MESSAGE_DATA_ID)",
  probe: ({ buf, off, end }) => {
    const at = off + (MARK_AT.get(u8(buf, off)) ?? end);
    if (at + 16 > end) return PROBE_NO;
    const isMark =
      u32(buf, at) === 0x00ff_ff00 &&
      u32(buf, at + 4) === 0xfefe_fefe &&
      u32(buf, at + 8) === 0xfdfd_fdfd &&
      u32(buf, at + 12) === 0x1234_5678;
    return isMark ? PROBE_YES : PROBE_NO;
  },
});
