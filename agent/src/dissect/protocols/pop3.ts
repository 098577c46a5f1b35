import { startsWithAscii } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, type Output, PARSE_DONE, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { afterLines, LINE_NONE, LINE_OK, LineReader } from "../line-reader.ts";
import { fromBase64, judgeSaslPlain, LoginAttempt } from "../login-attempt.ts";

/** The server's greeting. */
export interface Pop3Event {
  readonly banner: string;
}

export class Pop3State {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  readonly attempt = new LoginAttempt("pop3");
  asked: string[] = [];
  user = "";
  sasl: "none" | "plain" | "login-user" | "login-password" | "other" = "none";
  isGreeted = false;
}

const MAX_LINE = 2048;
const MAX_ASKED = 32;

function readSasl(state: Pop3State, text: string): void {
  if (state.sasl === "login-user") {
    state.user = fromBase64(text);
    state.sasl = "login-password";
    return;
  }
  if (state.sasl === "plain") judgeSaslPlain(state.attempt, text);
  else if (state.sasl === "login-password") state.attempt.judge(state.user, fromBase64(text));
  else {
    // As many steps as the mechanism has: the status line ends it.
    state.attempt.hidden("");
    return;
  }
  state.sasl = "none";
}

function readCommand(state: Pop3State, text: string): void {
  if (state.sasl !== "none") {
    readSasl(state, text);
    return;
  }
  const match = /^([A-Za-z]{3,4})(?: (.*))?$/s.exec(text);
  const verb = (match?.[1] ?? "").toUpperCase();
  const argument = match?.[2] ?? "";
  if (verb === "USER") state.user = argument;
  else if (verb === "PASS") state.attempt.judge(state.user, argument);
  else if (verb === "APOP") state.attempt.hidden(argument.split(" ")[0] ?? "");
  else if (verb === "AUTH" && argument !== "") {
    const [mechanism = "", initial] = argument.split(" ");
    const kind = mechanism.toUpperCase();
    state.sasl = kind === "PLAIN" ? "plain" : kind === "LOGIN" ? "login-user" : "other";
    if (initial !== undefined && initial !== "") readSasl(state, initial);
  }
  if (state.asked.length >= MAX_ASKED) state.asked.shift();
  state.asked.push(verb);
}

/** A status line. PARSE_DONE when the log-in is through: mails are nobody's business. */
function readStatus(state: Pop3State, isGood: boolean, text: string, out: Output<Pop3Event>): number {
  if (!state.isGreeted) {
    state.isGreeted = true;
    out.event({ banner: text });
    return PARSE_MORE;
  }
  const verb = state.asked.shift();
  if (verb === "STLS" && isGood) {
    out.become("tls");
    return 1;
  }
  if (verb !== "PASS" && verb !== "APOP" && verb !== "AUTH") return PARSE_MORE;
  state.sasl = "none";
  if (!state.attempt.isOpen) return PARSE_MORE;
  state.attempt.close(isGood ? "success" : "failure", out);
  return isGood ? PARSE_DONE : PARSE_MORE;
}

export const pop3 = defineDissector<Pop3Event, Pop3State>()({
  name: "pop3",
  label: "POP3",
  category: "Email",
  transport: ["tcp"],
  ports: [110],
  firstOctets: [0x2b],
  anomalies: [],
  source: "RFC 1939, RFC 2595 §4, RFC 5034",
  probe: ({ buf, off, end, toServer }, flow) => {
    // The server speaks first.
    if (toServer) return flow.serverPort === 110 ? PROBE_MORE : PROBE_NO;
    const length = Math.min(end - off, 3);
    if (startsWithAscii(buf, off, end, "+OK")) return PROBE_YES;
    if (length < 3 && startsWithAscii(buf, off, end, "+OK".slice(0, length))) return PROBE_MORE;
    return flow.serverPort === 110 && startsWithAscii(buf, off, end, "-ERR") ? PROBE_YES : PROBE_NO;
  },
  open: () => new Pop3State(),
  parse(state, slice, out) {
    const lines = slice.toServer ? state.client : state.server;
    for (let code = lines.next(slice); code !== LINE_NONE; code = lines.next(slice)) {
      if (code !== LINE_OK) continue;
      const { start, end } = lines;
      if (slice.toServer) {
        readCommand(state, sanitizeOctets(slice.buf, start, end, 1024));
        continue;
      }
      const isGood = startsWithAscii(slice.buf, start, end, "+OK");
      if (!isGood && !startsWithAscii(slice.buf, start, end, "-ERR")) continue;
      const status = readStatus(state, isGood, sanitizeOctets(slice.buf, Math.min(start + 4, end), end), out);
      if (status === PARSE_DONE) return PARSE_DONE;
      if (status > 0) return PARSE_MORE;
    }
    return afterLines(slice);
  },
  gap: () => PARSE_DONE,
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: () => null,
});
