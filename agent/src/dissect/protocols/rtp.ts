import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 12;
/** Octets of sound in a packet of 10 to 40 ms by static payload type (RFC 3551 §6): PCMU, GSM, PCMA, G.722, G.729. */
const FRAMES: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [80, 160, 240, 320]],
  [3, [33, 66]],
  [8, [80, 160, 240, 320]],
  [9, [80, 160, 240, 320]],
  [18, [10, 20, 30, 40]],
]);

export const rtp = defineSignature({
  name: "rtp",
  label: "RTP",
  category: "Media",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x80],
  source: "RFC 3550 §5.1, RFC 3551 §4.5, §6",
  probe: ({ buf, off, end }, { clientPort, serverPort }) => {
    // Dynamic types could be anything; telephony's static ones come in packets of a few lengths.
    if (end - off <= HEADER_OCTETS || clientPort < 1024 || serverPort < 1024 || u8(buf, off) !== 0x80) return PROBE_NO;
    if (u32(buf, off + 8) === 0) return PROBE_NO;
    return FRAMES.get(u8(buf, off + 1) & 0x7f)?.includes(end - off - HEADER_OCTETS) === true ? PROBE_YES : PROBE_NO;
  },
});
