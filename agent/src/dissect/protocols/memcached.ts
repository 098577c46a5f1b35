import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES, type Slice } from "../define.ts";
import { defineSignature, probeBeginning } from "../signature.ts";

const UDP_HEADER_OCTETS = 8;
const WORDS = [
  "get ",
  "gets ",
  "set ",
  "add ",
  "stats",
  "version",
  "delete ",
  "incr ",
  "VALUE ",
  "STAT ",
  "END\r\n",
  "STORED",
];
const BINARY_OCTETS = 24;

export const memcached = defineSignature({
  name: "memcached",
  label: "Memcached",
  category: "Network",
  transport: ["tcp", "udp"],
  ports: [11211],
  firstOctets: [],
  source: "memcached, protocol.txt and BinaryProtocolRevamped",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (hasWord(slice)) return PROBE_YES;
    if (
      end - off >= BINARY_OCTETS &&
      (u8(buf, off) === 0x80 || u8(buf, off) === 0x81) &&
      u32(buf, off + 8) < 0x100_0000
    )
      return u8(buf, off + 1) <= 0x22 ? PROBE_YES : PROBE_NO;
    // Over UDP: number of the request, number of the datagram, how many there are, zero.
    if (end - off <= UDP_HEADER_OCTETS || u16(buf, off + 6) !== 0 || u16(buf, off + 2) >= u16(buf, off + 4))
      return PROBE_NO;
    slice.off += UDP_HEADER_OCTETS;
    const isWord = hasWord(slice);
    slice.off = off;
    return isWord ? PROBE_YES : PROBE_NO;
  },
});

const hasWord = (slice: Slice): boolean => WORDS.some((word) => probeBeginning(slice, word) === PROBE_YES);
