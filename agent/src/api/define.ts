import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ApiContext } from "./context.ts";

/** The server as routes see it: schemas give the types. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Routes of one resource. One file in api/routes each. Paths are relative to /api/v1 unless `root`. */
export interface RouteUnit {
  readonly id: string;
  /** True for /healthz and the like, which stand outside /api/v1. */
  readonly root?: boolean;
  register(app: ApiApp, context: ApiContext): void;
}

export const defineRoutes = (unit: RouteUnit): RouteUnit => unit;
