import { u8 } from "../../core/bytes.ts";
import { sanitizeOctets, sanitizeText } from "../../core/sanitize.ts";
import { defineDissector, type Output, PARSE_DONE, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { LoginAttempt } from "../login-attempt.ts";
import { DONT, IAC, SB, TelnetFilter, WILL } from "../telnet-options.ts";
import { commandNames, judgeTelnetLine } from "../telnet-prompt.ts";

/** A line of commands typed in a telnet session. */
export interface TelnetEvent {
  /** Name that was let in; empty when none was asked. */
  readonly user: string;
  /** True after a log-in that succeeded; false when no log-in was seen before. */
  readonly isLoggedIn: boolean;
  /** Command names (first words) of the session so far, in order: "enable", "shell", "/bin/busybox", "MIRAI", "wget". At most 16. */
  readonly commands: readonly string[];
}

/** A line that is being written, octets without negotiation. */
class OpenLine {
  readonly octets = new Uint8Array(MAX_LINE);
  length = 0;

  push(octet: number): void {
    // A prompt is the end of its line, so the older half goes first.
    if (this.length === MAX_LINE) {
      this.octets.copyWithin(0, MAX_LINE / 2);
      this.length = MAX_LINE / 2;
    }
    this.octets[this.length++] = octet;
  }

  text(): string {
    return sanitizeOctets(this.octets, 0, this.length);
  }

  clear(): void {
    this.octets.fill(0, 0, this.length);
    this.length = 0;
  }
}

export class TelnetState {
  readonly fromServer = new TelnetFilter();
  readonly fromClient = new TelnetFilter();
  readonly prompt = new OpenLine();
  readonly typed = new OpenLine();
  /** What the client's next line answers. */
  asked: "user" | "password" | "nothing" = "nothing";
  user = "";
  readonly attempt = new LoginAttempt("telnet");
  hasAsked = false;
  isLoggedIn = false;
  /** Text octets of the server since the password. */
  answered = 0;
  wasCr = false;
  /** The client is in the middle of a line: what the server sends is its echo. */
  isTyping = false;
  commands: string[] = [];
  linesTyped = 0;
}

/** Longest line kept, octets: prompts and logins are far shorter. */
const MAX_LINE = 256;
const MAX_COMMANDS = 16;
/** Lines typed after which a session is no longer followed: what a botnet does comes first. */
const MAX_LINES_TYPED = 64;
/** Server text behind a password without a word of refusal or a new prompt, octets: a banner or menu, so the client was let in. */
const ACCEPTED_OCTETS = 2048;

const CR = 13;
const LF = 10;

function settle(state: TelnetState, outcome: "success" | "failure" | "unknown", out: Output<TelnetEvent>): void {
  state.attempt.close(outcome, out);
  state.isLoggedIn = outcome === "success";
  if (!state.isLoggedIn) state.user = "";
}

/** The server's open line, now that the client answers it or the flow ends. */
function readPrompt(state: TelnetState, out: Output<TelnetEvent>): void {
  const kind = judgeTelnetLine(state.prompt.text(), true);
  const isPrompt = kind === "user-prompt" || kind === "password-prompt";
  if (state.attempt.isOpen) {
    if (isPrompt || kind === "refusal") settle(state, "failure", out);
    else if (state.answered > 0) settle(state, "success", out);
  }
  if (isPrompt) {
    state.asked = kind === "user-prompt" ? "user" : "password";
    state.hasAsked = true;
    if (kind === "user-prompt") state.isLoggedIn = false;
    return;
  }
  state.asked = "nothing";
  if (kind === "shell" && !state.hasAsked && !state.isLoggedIn) {
    // A shell without a question: anybody is let in.
    state.isLoggedIn = true;
    state.attempt.nothing("");
    state.attempt.close("success", out);
  }
}

function serverOctet(state: TelnetState, octet: number, out: Output<TelnetEvent>): void {
  if (octet !== LF && octet !== CR) {
    state.prompt.push(octet);
    if (state.attempt.isOpen && octet > 0x20) state.answered++;
    if (state.answered > ACCEPTED_OCTETS && state.attempt.isOpen) settle(state, "success", out);
    return;
  }
  if (state.prompt.length > 0 && state.attempt.isOpen && judgeTelnetLine(state.prompt.text(), false) === "refusal") {
    settle(state, "failure", out);
  }
  state.prompt.clear();
}

function clientLine(state: TelnetState, out: Output<TelnetEvent>): void {
  const text = state.typed.text();
  state.typed.clear();
  state.isTyping = false;
  if (state.asked === "user") {
    state.user = text;
  } else if (state.asked === "password") {
    state.attempt.judge(state.user, text);
    state.answered = 0;
  } else {
    state.linesTyped++;
    const names = commandNames(text, MAX_COMMANDS - state.commands.length).map((name) => sanitizeText(name, 32));
    if (names.length === 0) return;
    state.commands = [...state.commands, ...names];
    out.event({ user: state.user, isLoggedIn: state.isLoggedIn, commands: state.commands });
  }
  // The echo of a typed line, and what stands before it, is no prompt.
  state.asked = "nothing";
  state.prompt.clear();
}

function clientOctet(state: TelnetState, octet: number, out: Output<TelnetEvent>): void {
  const isSecondOfEnd = state.wasCr && (octet === LF || octet === 0);
  state.wasCr = octet === CR;
  if (isSecondOfEnd) return;
  if (!state.isTyping) readPrompt(state, out);
  state.isTyping = true;
  if (octet === CR || octet === LF) clientLine(state, out);
  else if (octet === 0x08 || octet === 0x7f) state.typed.length = Math.max(0, state.typed.length - 1);
  else if (octet === 0x15 || octet === 0x03) state.typed.clear();
  else if (octet >= 0x20) state.typed.push(octet);
}

/** True if the octets are text as a server writes before a log-in. */
function isText(buf: Uint8Array, off: number, end: number): boolean {
  for (let i = off; i < end; i++) {
    const octet = u8(buf, i);
    if (octet < 0x20 && octet !== CR && octet !== LF && octet !== 9 && octet !== 7 && octet !== 0x1b && octet !== 0)
      return false;
  }
  return u8(buf, off) !== 0;
}

/** True if "ogin:", "assword:" or "sername:" stands in [off, end). */
function hasPrompt(buf: Uint8Array, off: number, end: number): boolean {
  for (let i = off; i < end; i++) {
    if (u8(buf, i) !== 0x3a || i - off < 4) continue;
    const before = ((u8(buf, i - 3) << 16) | (u8(buf, i - 2) << 8) | u8(buf, i - 1)) & 0xdfdfdf;
    if (before === 0x47494e || before === 0x4f5244 || before === 0x414d45) return true;
  }
  return false;
}

export const telnet = defineDissector<TelnetEvent, TelnetState>()({
  name: "telnet",
  label: "Telnet",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [23, 2323],
  firstOctets: [IAC],
  anomalies: [],
  source: "RFC 854, RFC 855, RFC 857",
  probe: ({ buf, off, end, toServer }, flow) => {
    if (off === end) return PROBE_MORE;
    if (u8(buf, off) === IAC) {
      if (end - off < 3) return PROBE_MORE;
      const command = u8(buf, off + 1);
      // Options in use lie below 40 (RFC 1091, 1572, 2217 …); 255 extends them.
      const isOption = u8(buf, off + 2) < 50 || u8(buf, off + 2) === IAC;
      return isOption && ((command >= WILL && command <= DONT) || command === SB) ? PROBE_YES : PROBE_NO;
    }
    const port = flow.serverPort;
    if (port !== 23 && port !== 2323) return PROBE_NO;
    if (!isText(buf, off, end)) return PROBE_NO;
    return !toServer && hasPrompt(buf, off, end) ? PROBE_YES : PROBE_MORE;
  },
  open: () => new TelnetState(),
  parse(state, slice, out) {
    const filter = slice.toServer ? state.fromClient : state.fromServer;
    for (; slice.off < slice.end; slice.off++) {
      const octet = filter.take(u8(slice.buf, slice.off));
      if (octet < 0) continue;
      if (slice.toServer) clientOctet(state, octet, out);
      else serverOctet(state, octet, out);
      if (state.commands.length >= MAX_COMMANDS || state.linesTyped > MAX_LINES_TYPED) return PARSE_DONE;
    }
    return PARSE_MORE;
  },
  gap: (state, toServer) => {
    (toServer ? state.fromClient : state.fromServer).gap();
    (toServer ? state.typed : state.prompt).clear();
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    if (!state.attempt.isOpen) return;
    readPrompt(state, out);
    if (state.attempt.isOpen) settle(state, "unknown", out);
  },
  eve: () => null,
});
