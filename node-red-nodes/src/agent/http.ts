import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { API_BASE, type Problem } from "@lanwarden/contract/api";
import type { Refusal } from "@lanwarden/contract/isolation";

/** An answer larger than this, octets, is not from an agent. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** Where the agent is and how to speak to it. */
export interface AgentTarget {
  /** "http://192.168.1.5:8470", without a slash at the end. */
  readonly address: string;
  readonly token: string;
  /** Adds what a TLS configuration of Node-RED holds: own authority, client certificate. */
  readonly addTls?: ((options: RequestOptions) => void) | undefined;
}

/** What went wrong, in words for the person who built the flow. `status` 0: the agent was not reached. */
export class AgentApiError extends Error {
  readonly status: number;
  readonly code: Refusal | undefined;

  constructor(status: number, message: string, code?: Refusal) {
    super(message);
    this.name = "AgentApiError";
    this.status = status;
    this.code = code;
  }
}

/** An address as typed, made whole: scheme added, path and slashes taken off. Throws an {@link AgentApiError} for what is none. */
export function readAddress(typed: string): string {
  const text = typed.trim();
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (text === "" || url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "")
    throw new AgentApiError(0, `"${text.slice(0, 80)}" is not an address like http://192.168.1.5:8470.`);
  return url.origin;
}

export interface Ask {
  readonly method?: "GET" | "PUT" | "POST" | "DELETE";
  /** Below /api/v1, already encoded: "/devices/aa%3Abb". */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request and settles with the answer's head; rejects with an {@link AgentApiError} when there is none, or one other than 2xx.
 * node:http instead of fetch: only it takes the home's own certificate authority.
 */
export async function openAnswer(target: AgentTarget, ask: Ask): Promise<IncomingMessage> {
  const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
  const options: RequestOptions = {
    // A connection of its own: one kept from before may be of an agent that is no more, and a request that acts is not repeated.
    agent: false,
    method: ask.method ?? "GET",
    headers: {
      authorization: `Bearer ${target.token}`,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      ...ask.headers,
    },
    ...(ask.signal ? { signal: ask.signal } : {}),
  };
  const isTls = target.address.startsWith("https:");
  if (isTls) target.addTls?.(options);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    let request: ClientRequest;
    try {
      request = (isTls ? httpsRequest : httpRequest)(`${target.address}${API_BASE}${ask.path}`, options, resolve);
    } catch (error) {
      // A token with a line break in it, for one.
      reject(new AgentApiError(0, `The request cannot be made: ${(error as Error).message}.`));
      return;
    }
    // Until the head of the answer; what follows may take its time (a stream).
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    request.once("response", () => clearTimeout(timer));
    request.once("close", () => clearTimeout(timer));
    request.on("error", (error) => reject(notReached(target, error)));
    request.end(body);
  });
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return answer;
  throw problemOf(status, await readText(answer).catch(() => ""));
}

/** Sends a request and reads the JSON of its answer; undefined for an empty one. */
export async function askJson<Answer>(target: AgentTarget, ask: Ask): Promise<Answer> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const signal = ask.signal ? AbortSignal.any([ask.signal, late]) : late;
  const text = await openAnswer(target, { ...ask, signal }).then(readText);
  try {
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  } catch {
    throw new AgentApiError(0, `What answers at ${target.address} is not a Lanwarden agent.`);
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new AgentApiError(0, "The agent's answer is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function notReached(target: AgentTarget, error: NodeJS.ErrnoException): AgentApiError {
  if (error.name === "AbortError") return new AgentApiError(0, "The request was given up.");
  return new AgentApiError(0, `The agent at ${target.address} is not reached: ${error.code ?? error.message}.`);
}

function problemOf(status: number, text: string): AgentApiError {
  const problem = readProblem(text);
  const detail = typeof problem.detail === "string" ? problem.detail.slice(0, 300) : `The agent answered ${status}.`;
  if (status === 401)
    return new AgentApiError(status, "The agent does not accept the token of the lanwarden-agent node.");
  if (status === 403) return new AgentApiError(status, "The token may not do this; it needs the scope act.");
  return new AgentApiError(status, detail, problem.code);
}

function readProblem(text: string): Partial<Problem> {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null ? problem : {};
  } catch {
    return {};
  }
}
