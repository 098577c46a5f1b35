import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import underPressure from "@fastify/under-pressure";
import { API_BASE } from "@lanwarden/contract/api";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { AgentError } from "../core/errors.ts";
import { authorize, isAllowedHost, Sessions } from "./auth.ts";
import type { ApiContext } from "./context.ts";
import type { ApiApp, RouteUnit } from "./define.ts";
import { describeRoutes } from "./describe.ts";
import { registerEtags } from "./etag.ts";
import { registerPage } from "./page.ts";
import { PROBLEM_TYPE, problem, sendProblem } from "./problem.ts";
import { routes } from "./registry.gen.ts";
import { sharedSchemas } from "./schemas.ts";
import { registerSession } from "./session.ts";
import { validatorCompiler } from "./validator.ts";

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

/** Largest body. The longest that a route takes has a few hundred octets. */
const BODY_LIMIT = 65_536;
/** Requests a minute from one address, counted before the token is looked at: a page, Node-RED and a script together stay far below. */
const MAX_REQUESTS = 1800;

/** Builds the server without listening (tests use `inject`). */
export async function buildApi(context: ApiContext, options: ApiOptions): Promise<ApiApp> {
  const app: ApiApp = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: false,
    // Event streams never end by themselves.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, _request, reply) => answerError(error, reply, options),
    clientErrorHandler: (error, socket) => {
      if (!socket.writable || error.code === "ECONNRESET") return;
      const body = JSON.stringify(problem(400, "This is no HTTP request that can be read."));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  for (const schema of sharedSchemas) app.addSchema(schema);
  const sessions = new Sessions((id) => context.tokens.scopeOf(id));
  app.decorateRequest("scope", null);
  app.decorateRequest("isStillAllowed", () => false);
  await registerPlugins(app, options);

  const limit = app.rateLimit({ max: MAX_REQUESTS, timeWindow: "1 minute" });
  const hosts = options.hosts.map((name) => name.toLowerCase());
  app.addHook("onRequest", limit);
  app.addHook("onRequest", async (request, reply) => {
    if (isAllowedHost(request.headers.host, hosts)) return authorize(request, reply, context, sessions);
    const name = String(request.headers.host ?? "").slice(0, 80);
    return sendProblem(reply, 421, `This agent does not answer to the name "${name}"; add it to http.hosts.`);
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, options));
  app.setNotFoundHandler({}, (request, reply) =>
    sendProblem(reply, 404, `There is nothing at ${request.url.split("?")[0]?.slice(0, 120)}.`),
  );
  acceptEmptyBodies(app);
  registerEtags(app);

  registerSession(app, context, sessions, options.demo);
  for (const unit of routes as readonly RouteUnit[]) {
    if (unit.root) unit.register(app, context);
    else await app.register(routesOf(unit, context), { prefix: API_BASE });
  }
  app.get(`${API_BASE}/openapi.json`, { schema: { hide: true } }, async () => app.swagger());
  await registerPage(app, options, sessions);
  await app.ready();
  return app;
}

const routesOf =
  (unit: RouteUnit, context: ApiContext) =>
  (scoped: FastifyInstance, _options: object, done: () => void): void => {
    unit.register(scoped.withTypeProvider<TypeBoxTypeProvider>(), context);
    done();
  };

async function registerPlugins(app: ApiApp, options: ApiOptions): Promise<void> {
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
    // Homes have no certificates: the page is plain HTTP unless a proxy in front says otherwise.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
  await app.register(rateLimit, { global: false });
  await app.register(underPressure, {
    maxEventLoopDelay: 5000,
    exposeStatusRoute: false,
    message: "The agent is busy; try again in some seconds.",
  });
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
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `schema-${i}`) },
  });
  describeRoutes(app);
}

/** What is the caller's fault is said; what is ours goes to the log, and the caller learns no more than that. */
function answerError(error: Error & { statusCode?: number }, reply: FastifyReply, options: ApiOptions): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500 || status === 503) return sendProblem(reply, status, error.message);
  options.onError(error);
  return sendProblem(reply, status, "Something went wrong here; the log says more.");
}

/** Many callers name JSON as type of a body that they do not send (POST …/acknowledge): that is no fault. */
function acceptEmptyBodies(app: ApiApp): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, String(body), done);
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
