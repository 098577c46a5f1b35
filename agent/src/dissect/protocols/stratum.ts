import { u8 } from "../../core/bytes.ts";
import { sanitizeText } from "../../core/sanitize.ts";
import { defineDissector, type Output, PARSE_BAD, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { asObject, asText, containsAscii, type JsonObject, readJsonObject } from "../json-scan.ts";
import { afterLines, LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";
import {
  type MiningDialect,
  type MiningKind,
  type MiningMessage,
  readMiningAnswer,
  readMiningCall,
} from "../mining-message.ts";
import { redactWallet } from "../mining-wallet.ts";

/** One step of a mining session. */
export interface StratumEvent {
  readonly kind: MiningKind;
  readonly dialect: MiningDialect;
  /** Method as sent; empty for answers. */
  readonly method: string;
  /** Best guess so far: by wallet, else algorithm, else miner program. */
  readonly coin?: string;
  /** Wallet or account, redacted ("48ed…9xQz"). */
  readonly worker?: string;
  /** Miner program as it names itself. */
  readonly agent?: string;
  /** Share difficulty that the pool set. */
  readonly difficulty?: number;
  /** Shares so far in this flow. */
  readonly submitted: number;
  readonly accepted: number;
  readonly rejected: number;
}

interface Asked {
  readonly id: string;
  readonly kind: MiningKind;
}

export class StratumState {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  isMining = false;
  /** Lines seen before it was sure. */
  doubtful = 0;
  weight = 0;
  /** Messages held back until it is sure. */
  held: MiningMessage[] = [];
  asked: Asked[] = [];
  dialect: MiningDialect | undefined;
  coin: string | undefined;
  coinRank = 0;
  worker: string | undefined;
  agent: string | undefined;
  submitted = 0;
  accepted = 0;
  rejected = 0;
}

/** Longest line read, octets: a Bitcoin job with its merkle branches has about 2 KiB, coinbases rarely 10. */
const MAX_LINE = 16_384;
/** Lines of JSON without a sure sign after which it is something else: a login and its answer are the first two. */
const MAX_DOUBTFUL = 8;
/** Requests waiting for their answer. Pools answer within seconds; a miner seldom has five open. */
const MAX_ASKED = 32;

function tell(state: StratumState, message: MiningMessage, out: Output<StratumEvent>): void {
  if (message.kind === "submit") state.submitted++;
  else if (message.kind === "accepted") state.accepted++;
  else if (message.kind === "rejected") state.rejected++;
  const rank = message.coinRank ?? 0;
  if (message.coin !== undefined && rank > state.coinRank) {
    state.coin = message.coin;
    state.coinRank = rank;
  }
  // The dialect is that of the messages that tell it; authorize, submit and difficulty are common to several.
  if (state.dialect === undefined || (message.dialect !== "stratum-v1" && message.kind !== "difficulty"))
    state.dialect = message.dialect;
  if (message.login) state.worker = sanitizeText(redactWallet(message.login), 24);
  if (message.agent) state.agent = sanitizeText(message.agent, 128);
  const { dialect, coin, worker, agent, submitted, accepted, rejected } = state;
  out.event({
    kind: message.kind,
    dialect,
    method: sanitizeText(message.method, 40),
    ...(coin !== undefined && { coin }),
    ...(worker !== undefined && { worker }),
    ...(agent !== undefined && { agent }),
    ...(message.difficulty !== undefined && { difficulty: message.difficulty }),
    submitted,
    accepted,
    rejected,
  });
}

/** Weighs a message; gives out what was held once it is sure. */
function take(state: StratumState, message: MiningMessage, out: Output<StratumEvent>): void {
  if (state.isMining) {
    tell(state, message, out);
    return;
  }
  state.held.push(message);
  state.weight += message.weight;
  // One message that only mining has, or two doubtful ones of which at least one is not the generic "login".
  if (message.weight < 2 && (state.weight < 2 || state.held.every((one) => one.kind === "login"))) return;
  state.isMining = true;
  out.label({ app: "Mining" });
  for (const one of state.held) tell(state, one, out);
  state.held = [];
}

/** Remembers a request of the client so that its answer can be told. */
function ask(state: StratumState, message: JsonObject, kind: MiningKind): void {
  const { id } = message;
  if (typeof id !== "number" && typeof id !== "string") return;
  if (state.asked.length >= MAX_ASKED) state.asked.shift();
  state.asked.push({ id: String(id).slice(0, 40), kind });
}

/** What an answer says about the request it belongs to. */
function readOutcome(state: StratumState, message: JsonObject): MiningMessage | undefined {
  const id = String(message.id).slice(0, 40);
  const at = state.asked.findIndex((one) => one.id === id);
  const asked = state.asked[at];
  if (asked === undefined) return undefined;
  state.asked.splice(at, 1);
  if (asked.kind !== "submit") return undefined;
  const result = message.result;
  const isGood =
    (message.error === null || message.error === undefined || message.error === false) &&
    (result === true || /^ok$/i.test(asText(asObject(result)?.status) ?? asText(result) ?? ""));
  return { kind: isGood ? "accepted" : "rejected", dialect: state.dialect ?? "stratum-v1", method: "", weight: 1 };
}

function readLine(state: StratumState, message: JsonObject, toServer: boolean, out: Output<StratumEvent>): void {
  const call = readMiningCall(message);
  if (call !== undefined) {
    if (toServer) ask(state, message, call.kind);
    take(state, call, out);
    return;
  }
  if (!toServer && message.method === undefined) {
    const outcome = readOutcome(state, message);
    const answer = readMiningAnswer(message);
    if (answer !== undefined) take(state, answer, out);
    else if (outcome !== undefined) take(state, outcome, out);
  }
  if (!state.isMining) state.doubtful++;
}

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

export const stratum = defineDissector<StratumEvent, StratumState>()({
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
    const lines = slice.toServer ? state.client : state.server;
    for (let code = lines.next(slice); code !== LINE_NONE; code = lines.next(slice)) {
      if (code === LINE_LONG) {
        out.anomaly("long-line");
        continue;
      }
      if (lines.end === lines.start) continue;
      const message = readJsonObject(slice.buf, lines.start, lines.end);
      if (message !== undefined) readLine(state, message, slice.toServer, out);
      else if (!state.isMining) return PARSE_BAD;
      if (state.doubtful >= MAX_DOUBTFUL) return PARSE_BAD;
    }
    return afterLines(slice);
  },
  gap: (state, toServer) => {
    (toServer ? state.client : state.server).gap();
    return PARSE_MORE;
  },
  eve: () => null,
});
