import { startsWithAscii, u8, u32, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 24;
/** Main network, test networks, regtest, signet. */
const NETWORKS: ReadonlySet<number> = new Set([0xf9be_b4d9, 0x0b11_0907, 0x1c16_3f28, 0xfabf_b5da, 0x0a03_cf40]);
const MAX_PAYLOAD = 0x0200_0000;

export const bitcoin = defineSignature({
  name: "bitcoin",
  label: "BITCOIN",
  category: "Crypto_Currency",
  transport: ["tcp"],
  ports: [8333],
  // Other coins took the protocol with a number of their own: there the greeting decides.
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "Bitcoin developer reference, P2P network, message headers",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return end - off >= 4 && NETWORKS.has(u32(buf, off)) ? PROBE_MORE : PROBE_NO;
    if (u32le(buf, off + 16) > MAX_PAYLOAD) return PROBE_NO;
    if (NETWORKS.has(u32(buf, off))) return isCommand(buf, off + 4) ? PROBE_YES : PROBE_NO;
    return startsWithAscii(buf, off + 4, end, "version\0\0\0\0\0") ? PROBE_YES : PROBE_NO;
  },
});

/** Twelve octets: a lower-case word, then zeros. */
function isCommand(buf: Uint8Array, off: number): boolean {
  let at = off;
  while (at < off + 12 && isLetter(u8(buf, at))) at++;
  if (at === off) return false;
  while (at < off + 12 && u8(buf, at) === 0) at++;
  return at === off + 12;
}

const isLetter = (octet: number): boolean => (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x30 && octet <= 0x39);
