import { u16, u16le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Stands in the fourth word of the first message of newer programs. */
const MARK = 0xfcff;
/** Octets of a datagram by kind; -1 for kinds of any length. */
const DATAGRAMS: ReadonlyMap<number, number> = new Map([
  [0x0001, -1],
  [0x0003, 12],
  [0x0009, 20],
  [0x000c, 76],
  [0x0019, 34],
  [0x001a, 20],
]);

export const viber = defineSignature({
  name: "viber",
  label: "Viber",
  category: "VoIP",
  transport: ["tcp", "udp"],
  ports: [4244, 5242, 5243, 7985, 7987, 9785],
  firstOctets: [],
  source: "Viber: length and counter over TCP; kind and its length over UDP",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    const length = end - off;
    if (length < 12) return toServer && length < 6 ? PROBE_MORE : PROBE_NO;
    const kind = u16le(buf, off + 2);
    const usual = DATAGRAMS.get(kind);
    if (usual !== undefined && u16le(buf, off) !== length)
      return serverPort !== 4244 && (usual === length || (usual < 0 && length > 100)) ? PROBE_YES : PROBE_NO;
    return u16le(buf, off) === length && (u16(buf, off + 6) === MARK || (kind < 0x1000 && u16(buf, off + 4) === 0))
      ? PROBE_YES
      : PROBE_NO;
  },
});
