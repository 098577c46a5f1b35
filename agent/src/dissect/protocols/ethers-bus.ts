import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MAX_TELEGRAM = 300;

export const ethersBus = defineSignature({
  name: "ethers-bus",
  label: "EtherSBus",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [5050],
  firstOctets: [0],
  source: "Saia Ether-S-Bus: length, version, protocol, sequence, CRC-16",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (
      length < 11 ||
      length > MAX_TELEGRAM ||
      u32(buf, off) !== length ||
      u8(buf, off + 4) > 1 ||
      u8(buf, off + 5) !== 0
    )
      return PROBE_NO;
    return crc16(buf, off, end - 2) === u16(buf, end - 2) ? PROBE_YES : PROBE_NO;
  },
});

/** CRC-16 of XMODEM: polynomial 0x1021 from zero. */
function crc16(buf: Uint8Array, off: number, end: number): number {
  let crc = 0;
  for (let at = off; at < end; at++) {
    crc ^= u8(buf, at) << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc;
}
