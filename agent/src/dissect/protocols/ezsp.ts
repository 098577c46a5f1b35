import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Cancel, reset with its check sum, flag: how a host begins. Reset acknowledged, version 2, a reason: how the radio answers. */
const RESET = [0x1a, 0xc0, 0x38, 0xbc, 0x7e];
const RESET_ACK = [0xc1, 0x02];
const FLAG = 0x7e;
/** Reason and check sum, octets perhaps escaped. */
const MOST_ACK = 10;

export const ezsp = defineSignature({
  name: "ezsp",
  label: "EZSP",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [6638],
  firstOctets: [0x1a, 0xc1],
  source: "Silicon Labs UG101, UART gateway protocol (ASH) §3: RST, RSTACK",
  probe: ({ buf, off, end }) => {
    // Cancels may come in a row.
    let at = off;
    while (at + 1 < end && u8(buf, at) === 0x1a && u8(buf, at + 1) === 0x1a && at < off + 32) at++;
    const isReset = u8(buf, at) === 0x1a && (at + 1 >= end || u8(buf, at + 1) === 0xc0);
    const begin = isReset ? at : u8(buf, at) === 0x1a ? at + 1 : at;
    const wanted = isReset ? RESET : RESET_ACK;
    for (let i = 0; i < wanted.length; i++) {
      if (begin + i >= end) return PROBE_MORE;
      if (u8(buf, begin + i) !== wanted[i]) return PROBE_NO;
    }
    if (isReset) return PROBE_YES;
    for (let i = begin + 5; i < begin + MOST_ACK; i++) {
      if (i >= end) return PROBE_MORE;
      if (u8(buf, i) === FLAG) return PROBE_YES;
    }
    return PROBE_NO;
  },
});
