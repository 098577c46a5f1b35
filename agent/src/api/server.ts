import { existsSync } from "node:fs";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import underPressure from "@fastify/under-pressure";
import { API_BASE } from "@lanwarden/contract/api";
import fastify from "fastify";
import { AgentError } from "../core/errors.ts";
import { authorize, isAllowedHost, SESSION_COOKIE, Sessions } from "./auth.ts";
import type { ApiContext } from "./context.ts";
import type { ApiApp, RouteUnit } from "./define.ts";
import { sendProblem } from "./problem.ts";
import { routes } from "./registry.gen.ts";
import { registerSession } from "./session.ts";

export interface ApiOptions {
  host: string;
  port: number;
  /** Names by which the page may be opened, beside addresses, localhost and *.local. */
  hosts: readonly string[];
  /** Folder of the built page; absent = no page. */
  page: string | undefined;
  version: string;
  /** The sample home: the page logs in by itself. */
  demo: boolean;
  onError(error: Error): void;
}

/** Builds the server without listening (tests use `inject`). */
export async function buildApi(context: ApiContext, options: ApiOptions): Promise<ApiApp> {
  const app: ApiApp = fastify({
    logger: false,
    bodyLimit: 65_536,
    trustProxy: false,
    routerOptions: { maxParamLength: 128 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  const sessions = new Sessions();
  app.decorateRequest("scope", null);
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
  await app.register(rateLimit, { max: 600, timeWindow: "1 minute" });
  await app.register(underPressure, { maxEventLoopDelay: 5000, exposeStatusRoute: false });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Lanwarden agent",
        version: options.version,
        description: "What a home's network does and what threatens it.",
      },
      servers: [{ url: "/" }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    },
  });

  app.addHook("onRequest", async (request, reply) => {
    if (!isAllowedHost(request.headers.host, options.hosts)) {
      return sendProblem(
        reply,
        421,
        `This page does not answer to "${String(request.headers.host).slice(0, 80)}"; add the name to http.hosts.`,
      );
    }
    return authorize(request, reply, context, sessions);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) options.onError(error);
    return sendProblem(reply, status, status >= 500 ? "Something went wrong here; the log says more." : error.message);
  });
  app.setNotFoundHandler({}, (request, reply) =>
    sendProblem(reply, 404, `There is nothing at ${request.url.split("?")[0]?.slice(0, 120)}.`),
  );

  registerSession(app, context, sessions, options.demo);
  for (const unit of routes as readonly RouteUnit[]) {
    if (unit.root) unit.register(app, context);
    else
      await app.register(async (scoped) => unit.register(scoped as unknown as ApiApp, context), { prefix: API_BASE });
  }
  app.get(`${API_BASE}/openapi.json`, { schema: { hide: true } }, async () => app.swagger());
  await registerPage(app, options, sessions);
  await app.ready();
  return app;
}

async function registerPage(app: ApiApp, options: ApiOptions, sessions: Sessions): Promise<void> {
  if (options.page === undefined || !existsSync(options.page)) return;
  await app.register(fastifyStatic, { root: options.page, serve: false, cacheControl: false });
  app.get("/", { config: { scope: null }, schema: { hide: true } }, async (request, reply) => {
    if (options.demo && sessions.find(request.cookies[SESSION_COOKIE]) === undefined) {
      reply.setCookie(SESSION_COOKIE, sessions.create("admin").id, { httpOnly: true, sameSite: "strict", path: "/" });
    }
    return reply.header("cache-control", "no-store").sendFile("index.html");
  });
  app.get("/assets/*", { config: { scope: null }, schema: { hide: true } }, async (request, reply) => {
    const file = (request.params as Record<string, string>)["*"] ?? "";
    return reply.header("cache-control", "no-cache").sendFile(`assets/${file}`);
  });
}

/** Builds and listens. Throws ERR_PORT_IN_USE or ERR_LISTEN with the mend. */
export async function startApi(context: ApiContext, options: ApiOptions): Promise<ApiApp> {
  const app = await buildApi(context, options);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await app.close();
    const code = (error as NodeJS.ErrnoException).code;
    const place = `${options.host}:${options.port}`;
    if (code === "EADDRINUSE") {
      throw new AgentError(
        "ERR_PORT_IN_USE",
        `${place}: another program listens there; stop it, or choose another address with --listen or "http.listen"`,
      );
    }
    throw new AgentError(
      "ERR_LISTEN",
      `${place}: cannot listen there (${code ?? "unknown reason"}); choose another address with --listen or "http.listen"`,
    );
  }
  return app;
}
