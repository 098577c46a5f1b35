import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES, type Slice } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const HANDSHAKE = "\x13BitTorrent protocol";
const LOCAL_DISCOVERY = "BT-SEARCH * HTTP/";
const UTP_OCTETS = 20;
/** Messages of the table of peers end with their kind: query, response or error (BEP 5). */
const DHT_ENDS = ["1:y1:qe", "1:y1:re", "1:y1:ee"] as const;

export const bittorrent = defineSignature({
  name: "bittorrent",
  label: "BitTorrent",
  category: "Download",
  transport: ["tcp", "udp"],
  ports: [6881],
  firstOctets: [0x13, 0x41, 0x00, ...firstOctetsOf("d", LOCAL_DISCOVERY)],
  source: "BEP 3, BEP 5 (DHT), BEP 14 (local discovery), BEP 15 (UDP trackers), BEP 29 (uTP)",
  probe: (slice) => {
    const first = u8(slice.buf, slice.off);
    if (first === 0x13) return probeBeginning(slice, HANDSHAKE);
    if (first === 0x42) return probeBeginning(slice, LOCAL_DISCOVERY);
    if (first === 0x64) return isDht(slice) ? PROBE_YES : PROBE_NO;
    return isUtpStart(slice) || isTrackerConnect(slice) ? PROBE_YES : PROBE_NO;
  },
});

function isDht({ buf, off, end }: Slice): boolean {
  if (end - off < 20 || u8(buf, end - 1) !== 0x65) return false;
  const second = u8(buf, off + 1);
  if (second < 0x31 || second > 0x39) return false;
  const from = Math.max(off, end - 24);
  // A version may follow the kind's key in the order of keys: "1:v4:LT..1:y1:re" ends with it all the same.
  return DHT_ENDS.some((text) => containsAscii(buf, from, end, text));
}

/** ST_SYN, version 1, without extensions: nothing was received yet, so that there is neither a delay to tell nor a number to acknowledge. */
const isUtpStart = ({ buf, off, end }: Slice): boolean =>
  end - off === UTP_OCTETS &&
  u16(buf, off) === 0x4100 &&
  u32(buf, off + 4) !== 0 &&
  u32(buf, off + 8) === 0 &&
  u32(buf, off + 12) !== 0 &&
  u16(buf, off + 18) === 0;

/** The protocol's number and the action "connect". */
const isTrackerConnect = ({ buf, off, end }: Slice): boolean =>
  end - off === 16 && u32(buf, off) === 0x0000_0417 && u32(buf, off + 4) === 0x2710_1980 && u32(buf, off + 8) === 0;
