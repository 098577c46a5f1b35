import { u8 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type ProbeCode,
} from "../define.ts";
import { afterLines, LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";
import { LoginAttempt } from "../login-attempt.ts";
import { containsWord, isReplyOpen, replyCode, startsWithWord } from "../server-reply.ts";

/** A command with its reply, or a reply that nobody asked for (the greeting). */
export interface FtpEvent {
  /** Upper case; absent for the greeting. */
  readonly command?: string;
  /** Argument of the command; never that of PASS and ACCT. */
  readonly argument?: string;
  readonly code: number;
  /** Reply lines without the code, at most 8. */
  readonly reply: readonly string[];
  /** Port of the data connection that PASV, EPSV, PORT or EPRT arranged. */
  readonly dataPort?: number;
}

interface Command {
  readonly verb: string;
  readonly argument: string;
}

export class FtpState {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  readonly attempt = new LoginAttempt("ftp");
  user = "";
  asked: Command[] = [];
  /** Code of a reply of several lines that has not ended. */
  openCode = 0;
  reply: string[] = [];
  badLines = 0;
  isTls = false;
}

const MAX_LINE = 2048;
const MAX_ASKED = 32;
const MAX_REPLY_LINES = 8;
/** Lines without a code outside a reply of several lines, after which it is no FTP. */
const MAX_BAD_LINES = 4;
const SECRET = /^(?:PASS|ACCT)$/;

function readCommand(state: FtpState, text: string): void {
  const match = /^([A-Za-z]{3,8})(?: (.*))?$/s.exec(text);
  const verb = (match?.[1] ?? "").toUpperCase();
  const argument = match?.[2] ?? "";
  if (verb === "USER") {
    state.user = argument;
  } else if (verb === "PASS") {
    // Anonymous FTP (RFC 1635) asks for an address, not for a secret.
    if (/^(?:anonymous|ftp)$/i.test(state.user)) state.attempt.nothing(state.user);
    else state.attempt.judge(state.user, argument);
  }
  if (state.asked.length >= MAX_ASKED) state.asked.shift();
  state.asked.push({ verb: verb || "UNKNOWN", argument: SECRET.test(verb) ? "" : argument });
}

/** Port of "227 … (h1,h2,h3,h4,p1,p2)", "229 … (|||port|)", "PORT h1,…,p2", "EPRT |1|address|port|". */
function dataPort(text: string): number | undefined {
  const short = /\|\|\|(\d{1,5})\|/.exec(text) ?? /^\|[12]\|[^|]*\|(\d{1,5})\|/.exec(text);
  if (short) return Number(short[1]) <= 65535 ? Number(short[1]) : undefined;
  const long = /(?:\d{1,3},){4}(\d{1,3}),(\d{1,3})/.exec(text);
  const high = Number(long?.[1] ?? 256);
  const low = Number(long?.[2] ?? 256);
  return high < 256 && low < 256 ? high * 256 + low : undefined;
}

function settle(state: FtpState, verb: string, code: number, out: Output<FtpEvent>): void {
  if (verb === "USER" && code >= 200 && code < 300) {
    // Let in without a password.
    state.attempt.nothing(state.user);
    state.attempt.close("success", out);
  } else if (verb === "USER" && (code === 530 || code === 430)) {
    state.attempt.nothing(state.user);
    state.attempt.close("failure", out);
  } else if (verb === "PASS") {
    if (code >= 200 && code < 300) state.attempt.close("success", out);
    else if (code >= 400) state.attempt.close("failure", out);
    else state.attempt.close("unknown", out);
  }
}

function endReply(state: FtpState, code: number, out: Output<FtpEvent>): void {
  const lines = state.reply;
  state.reply = [];
  // Preliminary replies (1xx) leave the command open for its last word.
  const command = code < 200 ? state.asked[0] : state.asked.shift();
  const port =
    code === 227 || code === 229
      ? dataPort(lines[0] ?? "")
      : command && /^E?P(?:ORT|RT)$/.test(command.verb) && code < 300
        ? dataPort(command.argument)
        : undefined;
  out.event({
    ...(command && { command: command.verb }),
    ...(command?.argument && { argument: command.argument }),
    code,
    reply: lines,
    ...(port !== undefined && { dataPort: port }),
  });
  if (command !== undefined) settle(state, command.verb, code, out);
  if (command?.verb === "AUTH" && code === 234) {
    state.isTls = true;
    out.become("tls");
  }
}

function readReply(state: FtpState, buf: Uint8Array, start: number, end: number, out: Output<FtpEvent>): boolean {
  const code = replyCode(buf, start, end);
  const isLast = code > 0 && !isReplyOpen(buf, start, end);
  if (state.openCode === 0 && code === 0) return ++state.badLines <= MAX_BAD_LINES;
  if (state.reply.length < MAX_REPLY_LINES) {
    state.reply.push(sanitizeOctets(buf, code > 0 ? Math.min(start + 4, end) : start, end));
  }
  if (state.openCode === 0 && !isLast) {
    state.openCode = code;
  } else if (state.openCode === 0 || (isLast && code === state.openCode)) {
    state.openCode = 0;
    endReply(state, code, out);
  }
  return true;
}

/** Commands with which clients begin. */
const FIRST = ["user ", "auth ", "feat", "syst", "opts "];

/** Whether a whole line with one word stands at `off`: USER of IRC has four. */
function isOneWord(buf: Uint8Array, off: number, end: number): ProbeCode {
  for (let at = off; at < end; at++) {
    const octet = u8(buf, at);
    if (octet === 0x0a) return PROBE_YES;
    if (octet === 0x20) return PROBE_NO;
  }
  return end - off < 64 ? PROBE_MORE : PROBE_NO;
}

export const ftp = defineDissector<FtpEvent, FtpState>()({
  name: "ftp",
  label: "FTP_CONTROL",
  category: "Download",
  transport: ["tcp"],
  ports: [21, 2121],
  firstOctets: [0x32, 0x55],
  anomalies: ["long-line"],
  source: "RFC 959 §4, RFC 2428, RFC 4217",
  probe: ({ buf, off, end, toServer }, flow) => {
    const isPort = flow.serverPort === 21 || flow.serverPort === 2121;
    if (toServer) {
      for (const word of FIRST) if (isPort && startsWithWord(buf, off, end, word)) return PROBE_YES;
      if (startsWithWord(buf, off, end, "user ")) return isOneWord(buf, off + 5, end);
      return end - off < 5 ? PROBE_MORE : PROBE_NO;
    }
    if (u8(buf, off) !== 0x32 && u8(buf, off) !== 0x34 && u8(buf, off) !== 0x35) return PROBE_NO;
    if (end - off < 4) return PROBE_MORE;
    const mark = u8(buf, off + 3);
    if (replyCode(buf, off, end) === 0 || (mark !== 0x20 && mark !== 0x2d)) return PROBE_NO;
    if (containsWord(buf, off, end, "smtp")) return PROBE_NO;
    if (isPort || containsWord(buf, off, end, "ftp")) return PROBE_YES;
    return replyCode(buf, off, end) === 220 ? PROBE_MORE : PROBE_NO;
  },
  open: () => new FtpState(),
  parse(state, slice, out) {
    const lines = slice.toServer ? state.client : state.server;
    for (let code = lines.next(slice); code !== LINE_NONE; code = lines.next(slice)) {
      if (code === LINE_LONG) out.anomaly("long-line");
      if (slice.toServer) {
        readCommand(state, code === LINE_LONG ? "" : sanitizeOctets(slice.buf, lines.start, lines.end));
      } else if (code !== LINE_LONG && lines.end > lines.start) {
        if (!readReply(state, slice.buf, lines.start, lines.end, out)) return PARSE_BAD;
        // What follows the go-ahead for TLS is not ours.
        if (state.isTls) return PARSE_MORE;
      }
    }
    return afterLines(slice);
  },
  gap: (state, toServer) => {
    (toServer ? state.client : state.server).gap();
    state.asked = [];
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: (event) => ({
    event_type: "ftp",
    ftp: {
      ...(event.command !== undefined && { command: event.command }),
      ...(event.argument !== undefined && { command_data: event.argument }),
      completion_code: [String(event.code)],
      reply: event.reply,
      reply_received: "yes",
      ...(event.dataPort !== undefined && { dynamic_port: event.dataPort }),
    },
  }),
});
