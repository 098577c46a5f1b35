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
  type Slice,
} from "../define.ts";
import { afterLines, LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";
import { fromBase64, judgeSaslPlain, LoginAttempt } from "../login-attempt.ts";
import { containsWord, isReplyOpen, replyCode, startsWithWord } from "../server-reply.ts";

/** The server's greeting, or one mail that was handed over (or refused). */
export type SmtpEvent =
  | { readonly kind: "greeting"; readonly banner: string }
  | {
      readonly kind: "mail";
      /** Name the client gave itself. */
      readonly helo: string;
      /** With angle brackets, as sent. */
      readonly from: string;
      /** At most 32. */
      readonly to: readonly string[];
      readonly recipients: number;
      readonly isAccepted: boolean;
    };

type Sasl = "none" | "plain" | "login-user" | "login-password" | "other";

export class SmtpState {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  readonly attempt = new LoginAttempt("smtp");
  asked: string[] = [];
  helo = "";
  from = "";
  to: string[] = [];
  recipients = 0;
  sasl: Sasl = "none";
  saslUser = "";
  isBody = false;
  isGreeted = false;
  badLines = 0;
  /** Octets of a BDAT chunk (RFC 3030) still to come. */
  chunk = 0;
}

const MAX_LINE = 4096;
const MAX_ASKED = 64;
const MAX_TO = 32;
const MAX_BAD_LINES = 4;

function forget(state: SmtpState): void {
  state.from = "";
  state.to = [];
  state.recipients = 0;
}

function endMail(state: SmtpState, isAccepted: boolean, out: Output<SmtpEvent>): void {
  if (state.from === "") return;
  const { helo, from, to, recipients } = state;
  out.event({ kind: "mail", helo, from, to, recipients, isAccepted });
  forget(state);
}

/** AUTH and the lines that follow it (RFC 4954 §4). */
function readSasl(state: SmtpState, text: string): void {
  switch (state.sasl) {
    case "plain":
      judgeSaslPlain(state.attempt, text);
      break;
    case "login-user":
      state.saslUser = fromBase64(text);
      state.sasl = "login-password";
      return;
    case "login-password":
      state.attempt.judge(state.saslUser, fromBase64(text));
      break;
    default:
      // As many steps as the mechanism has: the final reply ends it.
      state.attempt.hidden("");
      return;
  }
  state.sasl = "none";
}

function startSasl(state: SmtpState, argument: string): void {
  const [mechanism = "", initial] = argument.split(/\s+/);
  const kind = mechanism.toUpperCase();
  state.sasl = kind === "PLAIN" ? "plain" : kind === "LOGIN" ? "login-user" : "other";
  if (initial !== undefined && initial !== "") readSasl(state, initial);
}

function readCommand(state: SmtpState, text: string): void {
  const match = /^([A-Za-z]{3,12})(?:\s+(.*))?$/s.exec(text);
  const verb = (match?.[1] ?? "UNKNOWN").toUpperCase();
  const argument = match?.[2] ?? "";
  switch (verb) {
    case "HELO":
    case "EHLO":
    case "LHLO":
      state.helo = argument;
      break;
    case "AUTH":
      startSasl(state, argument);
      break;
    case "MAIL":
      forget(state);
      state.from = /^from:\s*(<[^>]*>|\S+)/i.exec(argument)?.[1] ?? "<>";
      break;
    case "RCPT":
      state.recipients++;
      if (state.to.length < MAX_TO) state.to.push(/^to:\s*(<[^>]*>|\S+)/i.exec(argument)?.[1] ?? "");
      break;
    case "DATA":
      state.isBody = true;
      break;
    case "BDAT":
      state.chunk = Number(/^\d{1,9}/.exec(argument)?.[0] ?? 0);
      break;
  }
  if (state.asked.length >= MAX_ASKED) state.asked.shift();
  state.asked.push(verb === "BDAT" && !/\blast\b/i.test(argument) ? "BDAT+" : verb);
}

/** The last line of a reply. True when TLS begins behind it. */
function endReply(state: SmtpState, code: number, text: string, out: Output<SmtpEvent>): boolean {
  if (!state.isGreeted) {
    state.isGreeted = true;
    out.event({ kind: "greeting", banner: text });
    return false;
  }
  // 334 and 354 ask for more of the same command.
  if (code === 334 || code === 354) return false;
  const verb = state.asked.shift();
  switch (verb) {
    case "AUTH":
      state.sasl = "none";
      state.attempt.close(code >= 200 && code < 300 ? "success" : code >= 500 ? "failure" : "unknown", out);
      return false;
    case "DATA":
    case "BDAT":
      state.isBody = false;
      endMail(state, code < 300, out);
      return false;
    case "STARTTLS":
      if (code !== 220) return false;
      out.become("tls");
      return true;
    default:
      return false;
  }
}

/** A line of the client. */
function clientLine(state: SmtpState, slice: Slice, start: number, end: number): void {
  const isDot = end - start === 1 && u8(slice.buf, start) === 0x2e;
  if (state.isBody) {
    if (isDot) state.isBody = false;
    return;
  }
  const text = sanitizeOctets(slice.buf, start, end, 1024);
  if (state.sasl !== "none") readSasl(state, text);
  else readCommand(state, text);
}

export const smtp = defineDissector<SmtpEvent, SmtpState>()({
  name: "smtp",
  label: "SMTP",
  category: "Email",
  transport: ["tcp"],
  ports: [25, 587, 2525],
  firstOctets: [0x32, 0x45, 0x48],
  anomalies: ["long-line"],
  source: "RFC 5321, RFC 4954, RFC 3207, RFC 3030",
  probe: ({ buf, off, end, toServer }, flow) => {
    if (toServer) {
      for (const word of ["ehlo ", "helo ", "lhlo "]) if (startsWithWord(buf, off, end, word)) return PROBE_YES;
      return end - off < 5 ? PROBE_MORE : PROBE_NO;
    }
    const isPort = flow.serverPort === 25 || flow.serverPort === 587 || flow.serverPort === 2525;
    if (u8(buf, off) !== 0x32 && u8(buf, off) !== 0x35 && u8(buf, off) !== 0x34) return PROBE_NO;
    if (end - off < 4) return PROBE_MORE;
    const mark = u8(buf, off + 3);
    const code = replyCode(buf, off, end);
    if ((code !== 220 && code !== 554 && code !== 421) || (mark !== 0x20 && mark !== 0x2d)) return PROBE_NO;
    if (containsWord(buf, off, end, "ftp")) return PROBE_NO;
    return isPort || containsWord(buf, off, end, "smtp") ? PROBE_YES : PROBE_MORE;
  },
  open: () => new SmtpState(),
  parse(state, slice, out) {
    const lines = slice.toServer ? state.client : state.server;
    for (;;) {
      if (slice.toServer && state.chunk > 0) {
        const octets = Math.min(state.chunk, slice.end - slice.off);
        slice.off += octets;
        if (state.chunk > octets) out.skip(state.chunk - octets);
        state.chunk = 0;
        if (slice.off === slice.end) return PARSE_MORE;
      }
      const code = lines.next(slice);
      if (code === LINE_NONE) return afterLines(slice);
      if (code === LINE_LONG) {
        if (!state.isBody) out.anomaly("long-line");
        continue;
      }
      if (slice.toServer) {
        clientLine(state, slice, lines.start, lines.end);
        continue;
      }
      const reply = replyCode(slice.buf, lines.start, lines.end);
      if (reply === 0) {
        if (++state.badLines > MAX_BAD_LINES) return PARSE_BAD;
      } else if (!isReplyOpen(slice.buf, lines.start, lines.end)) {
        const text = sanitizeOctets(slice.buf, Math.min(lines.start + 4, lines.end), lines.end);
        if (endReply(state, reply, text, out)) return PARSE_MORE;
      }
    }
  },
  gap: (state, toServer) => {
    (toServer ? state.client : state.server).gap();
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
    endMail(state, false, out);
  },
  eve: (event) =>
    event.kind === "mail"
      ? { event_type: "smtp", smtp: { helo: event.helo, mail_from: event.from, rcpt_to: event.to } }
      : null,
});
