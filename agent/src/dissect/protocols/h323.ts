import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const TPKT = 0x0300;
const Q931 = 0x08;
/** Alerting, call proceeding, setup, connect, release complete, facility, information, progress, status. */
const MESSAGES: readonly number[] = [0x01, 0x02, 0x03, 0x05, 0x07, 0x5a, 0x62, 0x6e, 0x7b, 0x7d];
/** Information elements that come first in such messages: bearer capability, cause, facility, display, user-user. */
const ELEMENTS: readonly number[] = [0x04, 0x08, 0x1c, 0x1e, 0x28, 0x6c, 0x70, 0x7e];

export const h323 = defineSignature({
  name: "h323",
  label: "H323",
  category: "VoIP",
  transport: ["tcp"],
  ports: [1720],
  firstOctets: [0x03],
  source: "ITU-T H.225.0 §7.2.2, Q.931 §4; RFC 1006 (TPKT)",
  probe: ({ buf, off, end }) => {
    if (end - off < 10) {
      const isPossible = end - off < 2 || (u16(buf, off) === TPKT && (end - off < 5 || u8(buf, off + 4) === Q931));
      return isPossible ? PROBE_MORE : PROBE_NO;
    }
    // Length of the whole, Q.931 with a call reference of two octets, message, first element.
    if (u16(buf, off) !== TPKT || u16(buf, off + 2) < 10 || u8(buf, off + 4) !== Q931 || u8(buf, off + 5) !== 2)
      return PROBE_NO;
    return MESSAGES.includes(u8(buf, off + 8)) && ELEMENTS.includes(u8(buf, off + 9)) ? PROBE_YES : PROBE_NO;
  },
});
