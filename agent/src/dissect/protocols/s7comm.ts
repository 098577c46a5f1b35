import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const TPKT_OCTETS = 4;
const CONNECT_REQUEST = 0xe0;
const DATA = 0xf0;
/** Selectors of S7 are two octets: the kind of connection, then rack and slot. */
const CALLED_TSAP = 0xc2;

export const s7comm = defineSignature({
  name: "s7comm",
  label: "S7Comm",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [102],
  firstOctets: [],
  source: "RFC 1006 §6, ISO 8073 §13; S7 communication (Wireshark, packet-s7comm)",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 3) return PROBE_NO;
    if (end - off < TPKT_OCTETS + 8) return PROBE_MORE;
    if (u8(buf, off + 1) !== 0 || u16(buf, off + 2) > 8192) return PROBE_NO;
    const code = u8(buf, off + TPKT_OCTETS + 1);
    if (code === DATA) return u8(buf, off + 7) === 0x32 ? PROBE_YES : PROBE_NO;
    if (code !== CONNECT_REQUEST) return PROBE_NO;
    for (let at = off + 11; at + 1 < end && at < off + 32; at++)
      if (u8(buf, at) === CALLED_TSAP && u8(buf, at + 1) === 2)
        return at + 2 < end && u8(buf, at + 2) !== 0 ? PROBE_YES : PROBE_NO;
    return PROBE_NO;
  },
});
