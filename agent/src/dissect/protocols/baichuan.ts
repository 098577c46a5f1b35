import { u8, u32, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const STREAM = 0xf0de_bc0a;
/** Discovery, acknowledgement and data of the same over datagrams, as they stand on the wire. */
const DISCOVERY = 0x3acf_872a;
const ACK = 0x20cf_872a;
const DATA = 0x10cf_872a;
const MAX_MESSAGE = 0x0200_0000;

export const baichuan = defineSignature({
  name: "baichuan",
  label: "Reolink",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [9000, 2015, 2018],
  firstOctets: [0xf0, 0x3a, 0x20, 0x10],
  source: "Reolink (Baichuan) protocol, neolink: dissector/protocol.md, BcUDP",
  probe: ({ buf, off, end }) => {
    const first = u8(buf, off);
    if (first === 0xf0) {
      if (end - off < 12) return end - off < 4 || u32(buf, off) === STREAM ? PROBE_MORE : PROBE_NO;
      return u32(buf, off) === STREAM && u32le(buf, off + 8) <= MAX_MESSAGE ? PROBE_YES : PROBE_NO;
    }
    if (end - off < 20) return PROBE_NO;
    const magic = u32(buf, off);
    // Of a discovery the length of what follows its header of 20 octets.
    if (magic === DISCOVERY) return u32le(buf, off + 4) === end - off - 20 ? PROBE_YES : PROBE_NO;
    return magic === ACK || magic === DATA ? PROBE_YES : PROBE_NO;
  },
});
