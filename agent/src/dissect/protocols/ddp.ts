import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Version 1 in the two highest bits; a time of four octets behind the header when bit 4 is set. */
const VERSION = 0x40;
const TIME = 0x10;
const HEADER_OCTETS = 10;

export const ddp = defineSignature({
  name: "ddp",
  label: "DDP",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [4048],
  firstOctets: [],
  source: "3waylabs Distributed Display Protocol, packet structure",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS || (u8(buf, off) & 0xe0) !== VERSION || u8(buf, off + 1) > 15) return PROBE_NO;
    const header = HEADER_OCTETS + ((u8(buf, off) & TIME) !== 0 ? 4 : 0);
    return u16(buf, off + 8) === end - off - header ? PROBE_YES : PROBE_NO;
  },
});
