import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode, type Slice } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Discovery: hash of 32 octets, signature of 65, kind, then one list. */
const KIND = 97;
const LAST_KIND = 6;
const MAX_DATAGRAM = 1280;
/** RLPx: length of two octets, then a public key as a point of the curve (4), code and text (EIP-8). */
const POINT = 0x04;
const SHORTEST_AUTH = 300;
const LONGEST_AUTH = 700;

export const ethereum = defineSignature({
  name: "ethereum",
  label: "Ethereum",
  category: "Crypto_Currency",
  transport: ["udp", "tcp"],
  ports: [30303, 30304, 30305],
  firstOctets: [0x01, 0x02],
  source: "Ethereum devp2p: discv4.md (wire protocol), rlpx.md (initial handshake), EIP-8",
  probe: (slice, { serverPort, clientPort }) => {
    if (isPort(serverPort) || isPort(clientPort)) {
      if (isDiscovery(slice)) return PROBE_YES;
    }
    return probeHandshake(slice);
  },
});

const isPort = (port: number): boolean => port >= 30_301 && port <= 30_310;

/** The list behind the kind must end with the datagram, or soon before: what follows it is to be passed over (EIP-8). */
function isDiscovery({ buf, off, end }: Slice): boolean {
  if (end - off < KIND + 4 || end - off > MAX_DATAGRAM) return false;
  const kind = u8(buf, off + KIND);
  if (kind < 1 || kind > LAST_KIND) return false;
  const list = off + KIND + 1;
  const first = u8(buf, list);
  const stop =
    first >= 0xc0 && first <= 0xf7
      ? list + 1 + first - 0xc0
      : first === 0xf8
        ? list + 2 + u8(buf, list + 1)
        : first === 0xf9
          ? list + 3 + u16(buf, list + 1)
          : 0;
  return stop === end;
}

function probeHandshake({ buf, off, end, toServer }: Slice): ProbeCode {
  if (!toServer || u8(buf, off) === 0 || u8(buf, off) > 2) return PROBE_NO;
  if (end - off < 3) return PROBE_MORE;
  const length = u16(buf, off);
  if (length < SHORTEST_AUTH || length > LONGEST_AUTH || u8(buf, off + 2) !== POINT) return PROBE_NO;
  if (end - off < 2 + length) return PROBE_MORE;
  return end - off === 2 + length ? PROBE_YES : PROBE_NO;
}
