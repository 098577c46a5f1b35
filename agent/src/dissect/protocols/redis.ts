import { u8 } from "../../core/bytes.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
} from "../define.ts";
import { LoginAttempt } from "../login-attempt.ts";
import { RESP_BAD, RESP_MORE, RespReader } from "../resp-reader.ts";
import { startsWithWord } from "../server-reply.ts";

/** A command that administers the server, with the kind of its answer. Reads and writes of data are not told. */
export interface RedisEvent {
  /** "CONFIG SET", "INFO", "SLAVEOF", "MODULE LOAD", "EVAL" … */
  readonly command: string;
  /** What CONFIG is about ("dir", "dbfilename"); absent else. */
  readonly parameter?: string;
  readonly isError: boolean;
  /** First word of an error: "NOAUTH", "WRONGPASS", "ERR". */
  readonly error?: string;
}

export class RedisState {
  readonly client = new RespReader(true);
  readonly server = new RespReader(false);
  readonly attempt = new LoginAttempt("redis");
  asked: { command: string; parameter: string }[] = [];
  wasAsked = false;
  isOpenTold = false;
  values = 0;
}

const MAX_ASKED = 64;
/** Values of both directions after which a flow is known well enough: attacks begin with what they came for. */
const MAX_VALUES = 512;
const TOLD =
  /^(?:INFO|CONFIG|SLAVEOF|REPLICAOF|MODULE|EVAL|SCRIPT|FLUSHALL|FLUSHDB|SAVE|BGSAVE|DEBUG|ACL|MONITOR|SHUTDOWN|KEYS|CLIENT|COMMAND|HELLO|AUTH)$/;
const WITH_SUB = /^(?:CONFIG|MODULE|SCRIPT|DEBUG|ACL|CLIENT|COMMAND)$/;
const OPEN_TO_ALL = /^(?:AUTH|HELLO|QUIT|RESET|PING|COMMAND|CLIENT)$/;

function readCommand(state: RedisState, words: readonly string[]): void {
  const verb = (words[0] ?? "").toUpperCase();
  if (verb === "AUTH") {
    // AUTH password, or since Redis 6 AUTH user password.
    if (words.length > 2) state.attempt.judge(words[1] ?? "", words[2] ?? "");
    else state.attempt.judge("", words[1] ?? "");
  } else if (verb === "HELLO" && (words[2] ?? "").toUpperCase() === "AUTH") {
    state.attempt.hidden(words[3] ?? "");
  }
  const command = WITH_SUB.test(verb) ? `${verb} ${(words[1] ?? "").toUpperCase()}`.trim() : verb;
  if (state.asked.length >= MAX_ASKED) state.asked.shift();
  state.asked.push({
    command: command.slice(0, 40),
    parameter: verb === "CONFIG" ? (words[2] ?? "").slice(0, 64) : "",
  });
}

function readAnswer(state: RedisState, reader: RespReader, out: Output<RedisEvent>): void {
  // ">" is a push that nobody asked for (RESP3); no word at all is an empty line.
  if (reader.type === 0x3e || reader.type < 0x20) return;
  const asked = state.asked.shift();
  if (asked === undefined) return;
  const isError = reader.type === 0x2d || reader.type === 0x21;
  const error = isError ? (reader.words[0] ?? "").split(" ")[0]?.slice(0, 32) : undefined;
  const verb = asked.command.split(" ")[0] ?? "";
  if (TOLD.test(verb)) {
    out.event({
      command: asked.command,
      ...(asked.parameter !== "" && { parameter: asked.parameter }),
      isError,
      ...(error !== undefined && { error }),
    });
  }
  if (error === "NOAUTH") state.wasAsked = true;
  if (verb === "AUTH" || verb === "HELLO") {
    state.wasAsked ||= state.attempt.isOpen;
    state.attempt.close(isError ? "failure" : "success", out);
  } else if (!isError && !state.wasAsked && !state.isOpenTold && !OPEN_TO_ALL.test(verb)) {
    state.isOpenTold = true;
    state.attempt.nothing("");
    state.attempt.close("success", out);
  }
}

const INLINE = ["info", "ping", "auth ", "config ", "slaveof ", "flushall", "keys "];

export const redis = defineDissector<RedisEvent, RedisState>()({
  name: "redis",
  label: "Redis",
  category: "Database",
  transport: ["tcp"],
  ports: [6379],
  firstOctets: [0x2a],
  anomalies: [],
  source: "Redis serialization protocol specification (RESP2, RESP3)",
  probe: ({ buf, off, end, toServer }, flow) => {
    const isPort = flow.serverPort === 6379;
    const first = u8(buf, off);
    if (!toServer) {
      // "-NOAUTH", "+PONG", "$n": the client has spoken before.
      return isPort && (first === 0x2d || first === 0x2b || first === 0x24 || first === 0x2a) ? PROBE_MORE : PROBE_NO;
    }
    if (isPort) for (const word of INLINE) if (startsWithWord(buf, off, end, word)) return PROBE_YES;
    if (first !== 0x2a) return PROBE_NO;
    // "*n CR LF $"
    for (let at = off + 1; at < end && at < off + 6; at++) {
      const octet = u8(buf, at);
      if (octet === 0x0d && at > off + 1) {
        if (at + 2 >= end) return PROBE_MORE;
        return u8(buf, at + 1) === 0x0a && u8(buf, at + 2) === 0x24 ? PROBE_YES : PROBE_NO;
      }
      if (octet < 0x30 || octet > 0x39) return PROBE_NO;
    }
    return end - off < 6 ? PROBE_MORE : PROBE_NO;
  },
  open: () => new RedisState(),
  parse(state, slice, out) {
    const reader = slice.toServer ? state.client : state.server;
    for (;;) {
      const code = reader.next(slice, out);
      if (code === RESP_BAD) return PARSE_BAD;
      if (code === RESP_MORE) return slice.off < slice.end ? reader.wanted : PARSE_MORE;
      if (++state.values > MAX_VALUES) return PARSE_DONE;
      if (!slice.toServer) readAnswer(state, reader, out);
      else if (reader.words.length > 0) readCommand(state, reader.words);
    }
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: () => null,
});
