import { defineRoutes } from "../define.ts";
import { problem } from "../problem.ts";

export const health = defineRoutes({
  id: "health",
  root: true,
  register(app, context) {
    app.get(
      "/healthz",
      { config: { scope: null }, schema: { summary: "The process lives", tags: ["health"] } },
      async () => ({ status: "ok" }),
    );
    app.get(
      "/readyz",
      { schema: { summary: "Sources, store, broker and page are up", tags: ["health"] } },
      async (_request, reply) => {
        const missing = context.notReady();
        if (missing.length === 0) return { status: "ready" };
        return reply
          .code(503)
          .type("application/problem+json")
          .send(JSON.stringify(problem(503, `Not up yet: ${missing.join(", ")}.`)));
      },
    );
    app.get("/metrics", { schema: { summary: "Prometheus metrics", tags: ["health"] } }, async (_request, reply) => {
      return reply.type("text/plain; version=0.0.4; charset=utf-8").send(await context.metrics());
    });
  },
});
