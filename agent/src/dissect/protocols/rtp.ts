import { u8, u16, u32 } from "../../core/bytes.ts";
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
/** Static types of pictures: Motion JPEG, H.261, MPEG, MPEG transport streams, H.263. */
const PICTURES: ReadonlySet<number> = new Set([26, 31, 32, 33, 34]);
/** Profiles of header extensions with one octet and with two (RFC 8285 §4.2, §4.3). */
const ONE_OCTET = 0xbede;
const TWO_OCTETS = 0x1000;

export const rtp = defineSignature({
  name: "rtp",
  label: "RTP",
  category: "Media",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x80, 0x90],
  source: "RFC 3550 §5.1, §11, RFC 3551 §4.5, §6, RFC 8285",
  probe: ({ buf, off, end }, { clientPort, serverPort }) => {
    if (end - off <= HEADER_OCTETS || clientPort < 1024 || serverPort < 1024) return PROBE_NO;
    if (u32(buf, off + 8) === 0) return PROBE_NO;
    const type = u8(buf, off + 1) & 0x7f;
    if (u8(buf, off) === 0x90) return isExtended(buf, off, end, type) ? PROBE_YES : PROBE_NO;
    // Dynamic types could be anything; telephony's static ones come in packets of a few lengths.
    if (FRAMES.get(type)?.includes(end - off - HEADER_OCTETS) === true) return PROBE_YES;
    // Pictures come in packets of any length, between two even ports (RFC 3550 §11), with RTCP on the odd ones.
    return PICTURES.has(type) && ((clientPort | serverPort) & 1) === 0 && end - off >= 64 ? PROBE_YES : PROBE_NO;
  },
});

/** A header extension of a known profile that ends inside of the packet, before a dynamic or known type of payload. */
function isExtended(buf: Uint8Array, off: number, end: number, type: number): boolean {
  const extension = off + HEADER_OCTETS;
  if (extension + 4 > end || (type >= 35 && type < 96)) return false;
  const profile = u16(buf, extension);
  const after = extension + 4 + u16(buf, extension + 2) * 4;
  return (profile === ONE_OCTET || (profile & 0xfff0) === TWO_OCTETS) && after > extension + 4 && after < end;
}
