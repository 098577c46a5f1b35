import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const armagetron = defineSignature({
  name: "armagetron",
  label: "Armagetron",
  category: "Game",
  transport: ["udp"],
  ports: [4534],
  firstOctets: [0],
  source: "Armagetron Advanced: messages of words",
  probe: ({ buf, off, end }) => (isLogIn(buf, off, end) || isSync(buf, off, end) ? PROBE_YES : PROBE_NO),
});

/** Kind 11 without number, as many words as the datagram has, then the sender. */
const isLogIn = (buf: Uint8Array, off: number, end: number): boolean =>
  end - off > 10 &&
  u32(buf, off) === 0x000b_0000 &&
  u16(buf, off + 4) * 2 + 8 === end - off &&
  u16(buf, off + 6) === 8 &&
  u16(buf, end - 2) === 0;

const isSync = (buf: Uint8Array, off: number, end: number): boolean =>
  end - off === 16 &&
  u16(buf, off) === 0x001c &&
  u16(buf, off + 4) === 4 &&
  u32(buf, off + 6) === 0x0000_0500 &&
  u32(buf, off + 10) === 0x0001_0000;
