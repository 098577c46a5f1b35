import { u8 } from "../../core/bytes.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii, readJsonObject } from "../json-scan.ts";
import { afterLines, LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";
import { MiningSession, type MiningStep, takeMiningMessage } from "../mining-session.ts";

export class StratumState {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  readonly session = new MiningSession();
}

/** Longest line read, octets: a Bitcoin job with its merkle branches has about 2 KiB, coinbases rarely 10. */
const MAX_LINE = 16_384;
/** Octets looked at before deciding: the first line of every dialect is far shorter. */
const PROBE_OCTETS = 2048;

/** Letters and digits of a Monero-like address in one run. */
const WALLET_RUN = 90;

function hasWallet(buf: Uint8Array, off: number, end: number): boolean {
  let run = 0;
  for (let i = off; i < end && run < WALLET_RUN; i++) {
    const octet = u8(buf, i);
    const lower = octet | 0x20;
    run = (octet >= 0x30 && octet <= 0x39) || (lower >= 0x61 && lower <= 0x7a) ? run + 1 : 0;
  }
  return run >= WALLET_RUN;
}

export const stratum = defineDissector<MiningStep, StratumState>()({
  name: "stratum",
  label: "Mining",
  category: "Mining",
  transport: ["tcp"],
  // Pools listen anywhere, and other programs on the ports they like: only content tells.
  ports: [],
  firstOctets: [0x7b],
  maxBuffered: 20_000,
  anomalies: ["long-line"],
  source:
    "Stratum v1 (slush0), BIP 310, BIP 22, ZIP 301, EthereumStratum/1.0.0 (NiceHash), EIP-1571, xmrig-proxy STRATUM.md",
  probe: ({ buf, off, end }) => {
    if (off === end) return PROBE_MORE;
    if (u8(buf, off) !== 0x7b) return PROBE_NO;
    const limit = Math.min(end, off + PROBE_OCTETS);
    const has = (text: string): boolean => containsAscii(buf, off, limit, text);
    if (has('"mining.') || has('"eth_submit') || has('"eth_getWork"') || has('"eth_login"')) return PROBE_YES;
    if (has('"login"') && has('"params"')) {
      if (has('"pass"') && (has('"agent"') || has('"algo"') || has('"rigid"'))) return PROBE_YES;
      if (hasWallet(buf, off, limit)) return PROBE_YES;
    }
    if (has('"job_id"') && (has('"blob"') || has('"target"'))) return PROBE_YES;
    if (has('"getblocktemplate"') && (has('"rules"') || has('"capabilities"'))) return PROBE_YES;
    if (has('"wallet_address"') && has('"reserve_size"')) return PROBE_YES;
    return containsAscii(buf, off, limit, "\n") || end - off >= PROBE_OCTETS ? PROBE_NO : PROBE_MORE;
  },
  open: () => new StratumState(),
  parse(state, slice, out) {
    const { session } = state;
    const lines = slice.toServer ? state.client : state.server;
    for (let code = lines.next(slice); code !== LINE_NONE; code = lines.next(slice)) {
      if (code === LINE_LONG) {
        out.anomaly("long-line");
        continue;
      }
      if (lines.end === lines.start) continue;
      const message = readJsonObject(slice.buf, lines.start, lines.end);
      if (message !== undefined) takeMiningMessage(session, message, slice.toServer, out);
      else if (!session.isMining) return PARSE_BAD;
      if (session.isHopeless) return PARSE_BAD;
    }
    return afterLines(slice);
  },
  gap: (state, toServer) => {
    (toServer ? state.client : state.server).gap();
    return PARSE_MORE;
  },
  eve: () => null,
});
