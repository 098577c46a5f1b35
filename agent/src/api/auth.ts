import { randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { CSRF_HEADER, SCOPES, type Scope } from "@lanwarden/contract/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiContext } from "./context.ts";
import { sendProblem } from "./problem.ts";

export const SESSION_COOKIE = "lanwarden_session";
const SESSION_MS = 30 * 24 * 3_600_000;
const MAX_SESSIONS = 256;

interface Session {
  scope: Scope;
  csrf: string;
  untilMs: number;
  /** Token that opened it; null for the sample home's own. */
  tokenId: string | null;
}

declare module "fastify" {
  interface FastifyRequest {
    /** What the caller may do; null = nobody. */
    scope: Scope | null;
    /** False once the token or session of this request has ended: long answers ask now and then. */
    isStillAllowed: () => boolean;
  }
  interface FastifyContextConfig {
    /** Least scope; null = open to all. Default: read for GET, act else. */
    scope?: Scope | null;
  }
}

/** Sessions of the page: in memory only, so a restart asks to log in again (the page keeps no secret). A session ends with its token. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #scopeOfToken: (tokenId: string) => Scope | undefined;

  constructor(scopeOfToken: (tokenId: string) => Scope | undefined) {
    this.#scopeOfToken = scopeOfToken;
  }

  create(scope: Scope, tokenId: string | null): { id: string; csrf: string } {
    if (this.#sessions.size >= MAX_SESSIONS) {
      const oldest = this.#sessions.keys().next().value;
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    const id = randomBytes(32).toString("base64url");
    const csrf = randomBytes(18).toString("base64url");
    this.#sessions.set(id, { scope, csrf, untilMs: Date.now() + SESSION_MS, tokenId });
    return { id, csrf };
  }

  find(id: string | undefined): Session | undefined {
    if (id === undefined) return undefined;
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    const isOver =
      session.untilMs < Date.now() || (session.tokenId !== null && this.#scopeOfToken(session.tokenId) === undefined);
    if (isOver) this.#sessions.delete(id);
    return isOver ? undefined : session;
  }

  end(id: string | undefined): void {
    if (id !== undefined) this.#sessions.delete(id);
  }
}

const includes = (scope: Scope, wanted: Scope): boolean => SCOPES.indexOf(scope) >= SCOPES.indexOf(wanted);

/** Says who calls (token or session) and refuses what the scope does not allow; session writes must carry the CSRF header. */
export function authorize(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ApiContext,
  sessions: Sessions,
): FastifyReply | undefined {
  const config = request.routeOptions.config;
  const isRead = request.method === "GET" || request.method === "HEAD";
  const wanted = config.scope === undefined ? (isRead ? "read" : "act") : config.scope;
  const bearer = /^Bearer +([^ ]+) *$/i.exec(request.headers.authorization ?? "")?.[1];
  const cookie = request.cookies[SESSION_COOKIE];
  const token = bearer === undefined ? undefined : context.tokens.check(bearer);
  const session = bearer === undefined ? sessions.find(cookie) : undefined;
  request.scope = token?.scope ?? session?.scope ?? null;
  request.isStillAllowed = () =>
    token === undefined ? sessions.find(cookie) !== undefined : context.tokens.scopeOf(token.id) !== undefined;
  if (wanted === null) return undefined;
  if (request.scope === null) {
    reply.header("www-authenticate", "Bearer");
    return sendProblem(
      reply,
      401,
      bearer === undefined
        ? "Send a token as Authorization: Bearer …, or log in on the page."
        : "This token is unknown or revoked.",
    );
  }
  if (!includes(request.scope, wanted))
    return sendProblem(reply, 403, `This needs the scope ${wanted}; yours is ${request.scope}.`);
  if (bearer === undefined && !isRead && !sameText(String(request.headers[CSRF_HEADER] ?? ""), session?.csrf ?? "")) {
    return sendProblem(reply, 403, `Writes of a page session need the header ${CSRF_HEADER}.`);
  }
  return undefined;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}

/**
 * True if the Host header names this machine: an address, localhost, *.local, or a configured name (lower case). Anything else may be DNS
 * rebinding: a page on the internet whose name was pointed at this address to read it with the visitor's cookies.
 */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header ?? "") ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  const name = (plain ?? "").toLowerCase().replace(/\.$/, "");
  return isIP(name) === 4 || name === "localhost" || name.endsWith(".local") || allowed.includes(name);
}
