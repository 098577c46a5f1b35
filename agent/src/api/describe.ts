import type { RouteOptions } from "fastify";
import type { ApiApp } from "./define.ts";
import { PROBLEM_TYPE } from "./problem.ts";
import { problemSchema, ref } from "./schemas.ts";

/** Says of every route, in the OpenAPI document, which scope it needs and in which form its errors come. */
export function describeRoutes(app: ApiApp): void {
  app.addHook("onRoute", (route: RouteOptions) => {
    if (!route.schema || route.schema.hide) return;
    const scope = route.config?.scope;
    const needed = scope === undefined ? (isRead(route.method) ? "read" : "act") : scope;
    route.schema = {
      ...route.schema,
      description: needed === null ? "Open to all." : `Needs scope ${needed}.`,
      ...(needed === null ? { security: [] } : {}),
      response: {
        ...(route.schema.response as object | undefined),
        "4xx": {
          description: "What is wrong with the request",
          content: { [PROBLEM_TYPE]: { schema: ref(problemSchema) } },
        },
      },
    };
  });
}

const isRead = (method: RouteOptions["method"]): boolean => [method].flat().every((m) => m === "GET" || m === "HEAD");
