import { sanitizeText } from "../core/sanitize.ts";
import type { FlowLabel } from "./define.ts";
import { asObject, asText, type JsonObject } from "./json-scan.ts";
import {
  type MiningDialect,
  type MiningKind,
  type MiningMessage,
  readMiningAnswer,
  readMiningCall,
} from "./mining-message.ts";
import { redactWallet } from "./mining-wallet.ts";

/** One step of a mining session. */
export interface MiningStep {
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

/** What is known of one mining session, over whatever carries its JSON messages. */
export class MiningSession {
  isMining = false;
  /** Messages seen before it was sure. */
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

  /** Enough messages were read without a sure sign: it is something else. */
  get isHopeless(): boolean {
    return this.doubtful >= MAX_DOUBTFUL;
  }
}

/** Takes what a mining session tells. */
interface MiningOutput {
  event(step: MiningStep): void;
  label(label: FlowLabel): void;
}

/** Messages of JSON without a sure sign after which it is something else: a login and its answer are the first two. */
const MAX_DOUBTFUL = 8;
/** Requests waiting for their answer. Pools answer within seconds; a miner seldom has five open. */
const MAX_ASKED = 32;

function tell(state: MiningSession, message: MiningMessage, out: MiningOutput): void {
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
function take(state: MiningSession, message: MiningMessage, out: MiningOutput): void {
  if (state.isMining) {
    tell(state, message, out);
    return;
  }
  if (state.held.length < MAX_DOUBTFUL) state.held.push(message);
  state.weight += message.weight;
  // One message that only mining has, or two doubtful ones of which at least one is not the generic "login".
  if (message.weight < 2 && (state.weight < 2 || state.held.every((one) => one.kind === "login"))) return;
  state.isMining = true;
  out.label({ app: "Mining" });
  for (const one of state.held) tell(state, one, out);
  state.held = [];
}

/** Remembers a request of the client so that its answer can be told. */
function ask(state: MiningSession, message: JsonObject, kind: MiningKind): void {
  const { id } = message;
  if (typeof id !== "number" && typeof id !== "string") return;
  if (state.asked.length >= MAX_ASKED) state.asked.shift();
  state.asked.push({ id: String(id).slice(0, 40), kind });
}

/** What an answer says about the request it belongs to. */
function readOutcome(state: MiningSession, message: JsonObject): MiningMessage | undefined {
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

/** Takes one message: tells it, or holds it until it is sure that this is mining. */
export function takeMiningMessage(
  state: MiningSession,
  message: JsonObject,
  toServer: boolean,
  out: MiningOutput,
): void {
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
