import { API_BASE, type SessionInfo } from "@lanwarden/contract/api";
import Type from "typebox";
import { SESSION_COOKIE, type Sessions } from "./auth.ts";
import type { ApiContext } from "./context.ts";
import type { ApiApp } from "./define.ts";
import { sendProblem } from "./problem.ts";
import { ref, sessionSchema } from "./schemas.ts";

/** Log-ins a minute from one address: a person mistypes, a guesser tries on. */
const MAX_LOGINS = 10;
const COOKIE_SECONDS = 30 * 86_400;

/** Log in, log out, and who am I, for the page. */
export function registerSession(app: ApiApp, context: ApiContext, sessions: Sessions, demo: boolean): void {
  const path = `${API_BASE}/session`;
  const tags = ["session"];
  const limit = app.createRateLimit({ max: MAX_LOGINS, timeWindow: "1 minute" });
  app.post(
    path,
    {
      config: { scope: null },
      schema: {
        summary: "Log in with a token",
        tags,
        body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }),
        response: { 200: ref(sessionSchema) },
      },
    },
    async (request, reply) => {
      const used = await limit(request);
      if (!used.isAllowed && used.isExceeded) {
        reply.header("retry-after", used.ttlInSeconds);
        return sendProblem(reply, 429, "Too many log-ins from here; wait a minute.");
      }
      const token = context.tokens.check(request.body.token);
      if (token === undefined) return sendProblem(reply, 401, "This token is unknown or revoked.");
      const { id, csrf } = sessions.create(token.scope, token.id);
      reply.setCookie(SESSION_COOKIE, id, {
        httpOnly: true,
        sameSite: "strict",
        path: "/",
        secure: request.protocol === "https",
        maxAge: COOKIE_SECONDS,
      });
      return { scope: token.scope, csrf } satisfies SessionInfo;
    },
  );
  app.get(
    path,
    { config: { scope: null }, schema: { summary: "Who am I", tags, response: { 200: ref(sessionSchema) } } },
    async (request, reply) => {
      const session = sessions.find(request.cookies[SESSION_COOKIE]);
      if (session) return { scope: session.scope, csrf: session.csrf } satisfies SessionInfo;
      return sendProblem(reply, 401, demo ? "Open the page at / first." : "Not logged in.");
    },
  );
  app.delete(
    path,
    { config: { scope: "read" }, schema: { summary: "Log out", tags, response: { 204: Type.Null() } } },
    async (request, reply) => {
      sessions.end(request.cookies[SESSION_COOKIE]);
      return reply.clearCookie(SESSION_COOKIE, { path: "/" }).code(204).send(null);
    },
  );
}
