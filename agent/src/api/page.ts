import { existsSync } from "node:fs";
import fastifyStatic from "@fastify/static";
import { SESSION_COOKIE, type Sessions } from "./auth.ts";
import type { ApiApp } from "./define.ts";

/** The built page: `/` and what it loads. Open to all, since it holds nothing of the home; the sample home logs its visitor in. */
export async function registerPage(
  app: ApiApp,
  options: { page: string | undefined; demo: boolean },
  sessions: Sessions,
): Promise<void> {
  if (options.page === undefined || !existsSync(options.page)) return;
  await app.register(fastifyStatic, { root: options.page, serve: false, cacheControl: false, dotfiles: "deny" });
  const open = { config: { scope: null }, schema: { hide: true } } as const;
  app.get("/", open, async (request, reply) => {
    if (options.demo && sessions.find(request.cookies[SESSION_COOKIE]) === undefined) {
      const { id } = sessions.create("admin", null);
      reply.setCookie(SESSION_COOKIE, id, { httpOnly: true, sameSite: "strict", path: "/" });
    }
    return reply.header("cache-control", "no-store").sendFile("index.html");
  });
  app.get("/assets/*", open, async (request, reply) => {
    const file = (request.params as Record<string, string>)["*"] ?? "";
    return reply.header("cache-control", "no-cache").sendFile(`assets/${file}`);
  });
}
