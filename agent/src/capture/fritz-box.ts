import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { AgentError } from "../core/errors.ts";
import { answerChallenge, type FritzSession, NO_SESSION, parseSession } from "./fritz-login.ts";
import { plainAddress } from "./source-address.ts";
import { connectFailure } from "./tcp-link.ts";

const ANSWER_MS = 10_000;
/** Answers of the log-in have 1 kB; the page of interfaces some 30. */
const MAX_ANSWER = 262_144;
/** Time for the last words when the agent stops: it has 1.5 s for all. */
const FAREWELL_MS = 800;

export interface FritzAccess {
  readonly url: URL;
  /** Empty: the user who logged in last, as the box's own page does it. */
  readonly username: string;
  readonly password: string;
}

/** Talks to the web interface of a FRITZ!Box. Session and password stand in no message. */
export class FritzBox {
  readonly #access: FritzAccess;
  readonly #name: string;
  #sid = "";
  /** This machine's address as the connection to the box has it. */
  #own = "";

  constructor(access: FritzAccess) {
    this.#access = access;
    this.#name = access.url.host;
  }

  /** Logs in. Rejects with ERR_TAP_LOGIN, ERR_TAP_CONNECT or ERR_TAP_STREAM (something else answers). */
  async login(signal: AbortSignal): Promise<void> {
    const asked = await this.#session(undefined, signal);
    if (asked.blockSeconds > 0) {
      throw new AgentError(
        "ERR_TAP_CONNECT",
        `${this.#name}: takes no log-in for ${asked.blockSeconds} s after a wrong one: it is tried again`,
      );
    }
    const response = await answerChallenge(asked.challenge, this.#access.password);
    if (response === undefined) {
      throw new AgentError("ERR_TAP_STREAM", `${this.#name}: asks for a log-in of an unknown kind: is it a FRITZ!Box?`);
    }
    const username = this.#access.username || asked.lastUser;
    const { sid } = await this.#session(new URLSearchParams({ username, response }).toString(), signal);
    if (sid === NO_SESSION) {
      throw new AgentError(
        "ERR_TAP_LOGIN",
        `${this.#name}: user ${username === "" ? "(none)" : `"${username}"`} or the password is wrong: mend username and password_file; it is tried again in 15 minutes`,
      );
    }
    this.#sid = sid;
  }

  async #session(form: string | undefined, signal: AbortSignal): Promise<FritzSession> {
    const answer = await this.#send("/login_sid.lua?version=2", form, signal);
    const session = parseSession(await text(answer));
    if (session) return session;
    throw new AgentError("ERR_TAP_STREAM", `${this.#name}: does not answer like a FRITZ!Box: mend url`);
  }

  /**
   * Begins a capture; the answer is the stream.
   *
   * Why   The stream passes the home network too: unless it is left out, each packet of it makes another one.
   */
  async capture(iface: string, snapLength: number, filter: string, signal: AbortSignal): Promise<IncomingMessage> {
    const query = new URLSearchParams({ ifaceorminor: iface, snaplen: String(snapLength), capture: "Start" });
    const own = `not (tcp port ${portOf(this.#access.url)} and host ${this.#own})`;
    query.set("filter", filter === "" ? own : `(${filter}) and ${own}`);
    query.set("sid", this.#sid);
    const answer = await this.#send(`/cgi-bin/capture_notimeout?${query}`, undefined, signal);
    if (answer.statusCode === 200) return answer;
    answer.destroy();
    throw new AgentError(
      "ERR_TAP_LOGIN",
      `${this.#name}: refuses the capture (${answer.statusCode ?? 0}): the user needs the right "FRITZ!Box Settings"; it is tried again in 15 minutes`,
    );
  }

  /** Names of the interfaces that can be captured, as its page of captures has them; none when the page cannot be read. */
  async interfaces(signal: AbortSignal): Promise<string[]> {
    const form = new URLSearchParams({ sid: this.#sid, page: "cap", xhr: "1" }).toString();
    const page = await this.#send("/data.lua", form, signal).then(text, () => "");
    const names = [...page.matchAll(/["'=\s](\d-[A-Za-z0-9_.]{1,24})["'&\s]/g)].map(([, name]) => name ?? "");
    return [...new Set(names)].slice(0, 64);
  }

  /** Ends the capture and the session: the box goes on capturing for a connection that is only cut. Never rejects. */
  async farewell(iface: string): Promise<void> {
    if (this.#sid === "") return;
    const signal = AbortSignal.timeout(FAREWELL_MS);
    const sid = this.#sid;
    this.#sid = "";
    const [type = "", minor = ""] = iface.split("-", 2);
    const isNumber = /^\d+$/.test(minor);
    const which = { iface: isNumber ? "" : minor, minor: isNumber ? minor : "0", type };
    const stop = new URLSearchParams({ ...which, capture: "Stop", sid });
    await this.#send(`/cgi-bin/capture_notimeout?${stop}`, undefined, signal).then(drain, () => undefined);
    const logout = new URLSearchParams({ logout: "1", sid }).toString();
    await this.#send("/login_sid.lua?version=2", logout, signal).then(drain, () => undefined);
  }

  /** GET, or POST of a form; settles with the answer's head. Rejects with ERR_TAP_CONNECT; with an abort's error when the signal aborts. */
  #send(path: string, form: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const url = new URL(path, this.#access.url);
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const headers = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const request = send(url, { method: form === undefined ? "GET" : "POST", headers, agent: false, signal });
    request.setTimeout(ANSWER_MS, () => request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    request.once("error", (error: NodeJS.ErrnoException) => {
      reject(signal.aborted ? error : connectFailure(this.#name, error.code ?? "unknown reason"));
    });
    request.once("response", (answer) => {
      // A capture may be silent for long: only the head is waited for.
      request.setTimeout(0);
      this.#own = plainAddress(answer.socket.localAddress ?? this.#own);
      request.removeAllListeners("error");
      request.on("error", () => undefined);
      const { location } = answer.headers;
      if (location === undefined) return resolve(answer);
      answer.destroy();
      reject(redirected(this.#name, location));
    });
    request.end(form);
    return promise;
  }
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === "https:" ? "443" : "80");

function redirected(name: string, location: string): AgentError {
  const origin = URL.canParse(location) ? new URL(location).origin : "another page";
  return new AgentError("ERR_TAP_CONNECT", `${name}: sends you to ${origin}: write that as url`);
}

/** The body as text, up to 256 kB; the rest is dropped. */
async function text(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > MAX_ANSWER) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

const drain = (answer: IncomingMessage): void => {
  answer.destroy();
};
