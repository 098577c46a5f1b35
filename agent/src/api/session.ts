import { API_BASE, type SessionInfo } from "@lanwarden/contract/api";
import Type from "typebox";
import { SESSION_COOKIE, type Sessions } from "./auth.ts";
import type { ApiContext } from "./context.ts";
import type { ApiApp } from "./define.ts";
import { sendProblem } from "./problem.ts";

/** Log in, log out, and who am I, for the page. */
export function registerSession(app: ApiApp, context: ApiContext, sessions: Sessions, demo: boolean): void {
  const path = `${API_BASE}/session`;
  app.post(
    path,
    {
      config: { scope: null, rateLimit: { max: 10, timeWindow: "1 minute" } },
      schema: {
        summary: "Log in with a token",
        tags: ["session"],
        body: Type.Object({ token: Type.String({ maxLength: 200 }) }),
      },
    },
    async (request, reply) => {
      const scope = context.tokens.check(request.body.token);
      if (scope === undefined) return sendProblem(reply, 401, "This token is unknown or revoked.");
      const { id, csrf } = sessions.create(scope);
      reply.setCookie(SESSION_COOKIE, id, {
        httpOnly: true,
        sameSite: "strict",
        path: "/",
        secure: request.protocol === "https",
        maxAge: 30 * 86_400,
      });
      return { scope, csrf } satisfies SessionInfo;
    },
  );
  app.get(
    path,
    { config: { scope: null }, schema: { summary: "Who am I", tags: ["session"] } },
    async (request, reply) => {
      const session = sessions.find(request.cookies[SESSION_COOKIE]);
      if (session) return { scope: session.scope, csrf: session.csrf } satisfies SessionInfo;
      return sendProblem(reply, 401, demo ? "Open the page at / first." : "Not logged in.");
    },
  );
  app.delete(
    path,
    { config: { scope: "read" }, schema: { summary: "Log out", tags: ["session"] } },
    async (request, reply) => {
      sessions.end(request.cookies[SESSION_COOKIE]);
      return reply.clearCookie(SESSION_COOKIE, { path: "/" }).code(204).send();
    },
  );
}
