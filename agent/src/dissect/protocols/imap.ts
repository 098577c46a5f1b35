import { startsWithAscii, u8 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import {
  defineDissector,
  type Output,
  PARSE_DONE,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type Slice,
} from "../define.ts";
import { afterLines, LINE_NONE, LINE_OK, LineReader } from "../line-reader.ts";
import { fromBase64, judgeSaslPlain, LoginAttempt } from "../login-attempt.ts";

/** The server's greeting. */
export interface ImapEvent {
  readonly banner: string;
}

export class ImapState {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  readonly attempt = new LoginAttempt("imap");
  /** Text of a command whose literals are still coming; literals stand in it as quoted strings. */
  command = "";
  /** Octets of a literal (RFC 9051 §4.3) that comes next, 0 = none. */
  literal = 0;
  /** Tag and name of the command that an outcome is awaited for. */
  tag = "";
  verb = "";
  sasl: "none" | "plain" | "login-user" | "login-password" | "other" = "none";
  saslUser = "";
  isGreeted = false;
}

const MAX_LINE = 4096;
/** Longest literal kept, octets: user names and passwords. Others are passed over. */
const MAX_LITERAL = 1024;

/** First two arguments, quoted or bare. */
function twoArguments(text: string): [string, string] {
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? "") : match[1].replace(/\\(.)/g, "$1"),
  );
  return [words[0] ?? "", words[1] ?? ""];
}

function readSasl(state: ImapState, text: string): void {
  if (state.sasl === "login-user") {
    state.saslUser = fromBase64(text);
    state.sasl = "login-password";
    return;
  }
  if (state.sasl === "plain") judgeSaslPlain(state.attempt, text);
  else if (state.sasl === "login-password") state.attempt.judge(state.saslUser, fromBase64(text));
  else {
    // As many steps as the mechanism has: the tagged answer ends it.
    state.attempt.hidden("");
    return;
  }
  state.sasl = "none";
}

function readCommand(state: ImapState, text: string): void {
  if (state.sasl !== "none") {
    readSasl(state, text);
    return;
  }
  const match = /^(\S{1,64}) +([A-Za-z]+)(?: +(.*))?$/s.exec(text);
  const verb = (match?.[2] ?? "").toUpperCase();
  if (verb !== "LOGIN" && verb !== "AUTHENTICATE" && verb !== "STARTTLS") return;
  state.tag = match?.[1] ?? "";
  state.verb = verb;
  const rest = match?.[3] ?? "";
  if (verb === "LOGIN") {
    const [user, password] = twoArguments(rest);
    state.attempt.judge(user, password);
  } else if (verb === "AUTHENTICATE") {
    const [mechanism, initial] = twoArguments(rest);
    const kind = mechanism.toUpperCase();
    state.sasl = kind === "PLAIN" ? "plain" : kind === "LOGIN" ? "login-user" : "other";
    if (initial !== "") readSasl(state, initial);
  }
}

/** A line of the client, or its piece between literals. */
function clientLine(state: ImapState, text: string): void {
  const literal = /\{(\d{1,10})\+?\}$/.exec(text);
  if (literal && state.sasl === "none") {
    state.literal = Number(literal[1]);
    state.command = (state.command + text.slice(0, literal.index)).slice(0, MAX_LINE);
    if (state.literal === 0) state.command += '""';
    return;
  }
  const whole = state.command + text;
  state.command = "";
  readCommand(state, whole);
}

/** Takes a literal out of the stream. Returns octets that must come first, 0 = done. */
function takeLiteral(state: ImapState, slice: Slice, out: Output<ImapEvent>): number {
  const have = slice.end - slice.off;
  if (state.literal > MAX_LITERAL) {
    const taken = Math.min(have, state.literal);
    slice.off += taken;
    if (state.literal > taken) out.skip(state.literal - taken);
    state.literal = 0;
    return 0;
  }
  if (have < state.literal) return state.literal - have;
  const text = sanitizeOctets(slice.buf, slice.off, slice.off + state.literal, MAX_LITERAL);
  state.command += `"${text.replace(/["\\]/g, "\\$&")}"`;
  slice.off += state.literal;
  state.literal = 0;
  return 0;
}

/** A line of the server. PARSE_DONE after the log-in: mails are nobody's business; 1 when TLS begins behind it. */
function serverLine(state: ImapState, text: string, out: Output<ImapEvent>): number {
  const match = /^(\S{1,64}) +(OK|NO|BAD|PREAUTH|BYE)\b ?(.*)$/is.exec(text);
  if (!match) return PARSE_MORE;
  const status = (match[2] ?? "").toUpperCase();
  if (!state.isGreeted) {
    state.isGreeted = true;
    out.event({ banner: match[3] ?? "" });
    if (status !== "PREAUTH") return PARSE_MORE;
    state.attempt.nothing("");
    state.attempt.close("success", out);
    return PARSE_DONE;
  }
  if (state.tag === "" || match[1] !== state.tag) return PARSE_MORE;
  state.tag = "";
  state.sasl = "none";
  if (state.verb === "STARTTLS") {
    if (status !== "OK") return PARSE_MORE;
    out.become("tls");
    return 1;
  }
  state.attempt.close(status === "OK" ? "success" : "failure", out);
  return status === "OK" ? PARSE_DONE : PARSE_MORE;
}

export const imap = defineDissector<ImapEvent, ImapState>()({
  name: "imap",
  label: "IMAP",
  category: "Email",
  transport: ["tcp"],
  ports: [143],
  firstOctets: [0x2a],
  anomalies: [],
  source: "RFC 9051 §4.3, §6.2, RFC 4959",
  probe: ({ buf, off, end, toServer }, flow) => {
    // The server speaks first: "* OK", "* PREAUTH", "* BYE".
    if (toServer) return flow.serverPort === 143 ? PROBE_MORE : PROBE_NO;
    if (u8(buf, off) !== 0x2a) return PROBE_NO;
    if (end - off < 5) return startsWithAscii(buf, off, end, "* ".slice(0, end - off)) ? PROBE_MORE : PROBE_NO;
    for (const word of ["* OK ", "* PREA", "* BYE"])
      if (startsWithAscii(buf, off, end, word.slice(0, 5))) return PROBE_YES;
    return PROBE_NO;
  },
  open: () => new ImapState(),
  parse(state, slice, out) {
    const lines = slice.toServer ? state.client : state.server;
    for (;;) {
      if (slice.toServer && state.literal > 0) {
        const missing = takeLiteral(state, slice, out);
        if (missing > 0) return missing;
        if (slice.off === slice.end) return PARSE_MORE;
      }
      const code = lines.next(slice);
      if (code === LINE_NONE) return afterLines(slice);
      if (code !== LINE_OK) continue;
      const text = sanitizeOctets(slice.buf, lines.start, lines.end, 2048);
      if (slice.toServer) {
        clientLine(state, text);
        continue;
      }
      const status = serverLine(state, text, out);
      if (status === PARSE_DONE) return PARSE_DONE;
      if (status > 0) return PARSE_MORE;
    }
  },
  gap: () => PARSE_DONE,
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: () => null,
});
