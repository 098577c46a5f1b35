import { u8 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
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
import { afterLines, LINE_NONE, LINE_OK, LineReader } from "../line-reader.ts";
import { LoginAttempt } from "../login-attempt.ts";
import { startsWithWord } from "../server-reply.ts";

/**
 * Steps of an IRC session. `order`: a message or topic that looks like an order to a bot (its text begins with ! . @ or $ and a word, or with the name of
 * an attack); other messages are nobody's business and are only counted.
 */
export interface IrcEvent {
  readonly kind: "register" | "welcome" | "join" | "order";
  readonly nick: string;
  /** Channel, or the person spoken to. */
  readonly target?: string;
  /** The channel was joined with a key. */
  readonly hasKey?: boolean;
  /** Real name of USER; text of an order, at most 160 characters. */
  readonly text?: string;
  /** Messages so far, both directions. */
  readonly messages: number;
}

export class IrcState {
  readonly client = new LineReader(MAX_LINE);
  readonly server = new LineReader(MAX_LINE);
  readonly attempt = new LoginAttempt("irc");
  nick = "";
  isWelcome = false;
  messages = 0;
  badLines = 0;
}

/** RFC 1459 §2.3: 512 octets; with IRCv3 tags more. */
const MAX_LINE = 8192;
const MAX_BAD_LINES = 8;
const MAX_MESSAGES = 512;
const ORDER = /^[!.@$]\*? ?\w|^(?:udp|tcp|syn|ack|http|std|pan|tsunami|unknown|flood|scan(?:ner)?|ddos)\b/i;

/** Command and parameters of a line; the trailing one comes last (RFC 1459 §2.3.1). */
function parseLine(text: string): { verb: string; params: string[] } | undefined {
  const match = /^(?:@\S+ +)?(?::\S+ +)?([A-Za-z]+|\d{3})((?: +(?!:)\S+)*)(?: +:(.*))? *$/.exec(text);
  if (!match) return undefined;
  const params = (match[2] ?? "")
    .trim()
    .split(/ +/)
    .filter((word) => word !== "");
  if (match[3] !== undefined) params.push(match[3]);
  return { verb: (match[1] ?? "").toUpperCase(), params };
}

function fromClient(state: IrcState, verb: string, params: readonly string[], out: Output<IrcEvent>): void {
  const { nick, messages } = state;
  if (verb === "NICK") {
    state.nick = params[0] ?? "";
  } else if (verb === "PASS") {
    // Nobody knows the name yet: the password alone is judged.
    state.attempt.judge("", params[0] ?? "");
  } else if (verb === "USER") {
    out.event({ kind: "register", nick, text: (params[3] ?? params[0] ?? "").slice(0, 160), messages });
  } else if (verb === "JOIN") {
    out.event({ kind: "join", nick, target: params[0] ?? "", hasKey: params.length > 1, messages });
  }
}

function fromServer(state: IrcState, verb: string, params: readonly string[], out: Output<IrcEvent>): void {
  const { nick, messages } = state;
  const text = params.at(-1) ?? "";
  if (verb === "001" && !state.isWelcome) {
    state.isWelcome = true;
    out.event({ kind: "welcome", nick, messages });
    state.attempt.close("success", out);
  } else if (verb === "464") {
    state.attempt.close("failure", out);
  } else if ((verb === "PRIVMSG" || verb === "TOPIC" || verb === "332") && ORDER.test(text)) {
    // 332 tells the topic: nick, channel, text.
    const target = (verb === "332" ? params[1] : params[0]) ?? "";
    out.event({ kind: "order", nick, target, text: text.slice(0, 160), messages });
  }
}

export const irc = defineDissector<IrcEvent, IrcState>()({
  name: "irc",
  label: "IRC",
  category: "Chat",
  transport: ["tcp"],
  ports: [6667, 6660, 6666, 6668, 6669],
  firstOctets: [0x4e, 0x55, 0x50, 0x43, 0x3a],
  anomalies: [],
  source: "RFC 1459 §2.3, §4; RFC 2812; IRCv3 message tags",
  probe: ({ buf, off, end, toServer }) => {
    const have = end - off;
    if (!toServer) {
      // ":server NOTICE", ":server 001" or "NOTICE AUTH"
      if (startsWithWord(buf, off, end, "notice ")) return PROBE_YES;
      if (u8(buf, off) !== 0x3a) {
        return have < 7 && startsWithWord(buf, off, end, "notice ".slice(0, have)) ? PROBE_MORE : PROBE_NO;
      }
      for (let at = off + 1; at < end - 4 && at < off + 128; at++) {
        if (u8(buf, at) === 0x20)
          return startsWithWord(buf, at + 1, end, "noti") || startsWithWord(buf, at + 1, end, "00")
            ? PROBE_YES
            : PROBE_NO;
      }
      return have < 128 ? PROBE_MORE : PROBE_NO;
    }
    if (startsWithWord(buf, off, end, "nick ") || startsWithWord(buf, off, end, "cap ls")) return PROBE_YES;
    if (startsWithWord(buf, off, end, "user ") || startsWithWord(buf, off, end, "pass ")) {
      // USER of IRC has four parameters, the last behind " :"; PASS is followed by NICK.
      for (let at = off + 5; at < end; at++) {
        if (u8(buf, at) === 0x3a && u8(buf, at - 1) === 0x20) return PROBE_YES;
        if (u8(buf, at) === 0x0a)
          return startsWithWord(buf, at + 1, end, "nick ") ? PROBE_YES : at + 6 > end ? PROBE_MORE : PROBE_NO;
      }
      return have < 256 ? PROBE_MORE : PROBE_NO;
    }
    return have < 6 ? PROBE_MORE : PROBE_NO;
  },
  open: () => new IrcState(),
  parse(state, slice, out) {
    const lines = slice.toServer ? state.client : state.server;
    for (let code = lines.next(slice); code !== LINE_NONE; code = lines.next(slice)) {
      if (code !== LINE_OK || lines.end === lines.start) continue;
      const line = parseLine(sanitizeOctets(slice.buf, lines.start, lines.end, 512));
      if (line === undefined) {
        if (++state.badLines > MAX_BAD_LINES) return PARSE_BAD;
        continue;
      }
      if (line.verb === "PRIVMSG") state.messages++;
      if (state.messages > MAX_MESSAGES) return PARSE_DONE;
      if (slice.toServer) fromClient(state, line.verb, line.params, out);
      else fromServer(state, line.verb, line.params, out);
    }
    return afterLines(slice);
  },
  gap: (state, toServer) => {
    (toServer ? state.client : state.server).gap();
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: () => null,
});
