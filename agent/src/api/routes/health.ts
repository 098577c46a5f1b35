import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { PROBLEM_TYPE, sendProblem } from "../problem.ts";
import { problemSchema, ref } from "../schemas.ts";

const said = (word: string) => ({ 200: Type.Object({ status: Type.Unsafe<string>({ const: word, type: "string" }) }) });

export const health = defineRoutes({
  id: "health",
  root: true,
  register(app, context) {
    const tags = ["health"];
    app.get(
      "/healthz",
      { config: { scope: null }, schema: { summary: "The process lives", tags, response: said("ok") } },
      async () => ({ status: "ok" }),
    );
    app.get(
      "/readyz",
      {
        schema: {
          summary: "Sources, store, broker and page are up",
          tags,
          response: {
            ...said("ready"),
            503: { description: "What is not up yet", content: { [PROBLEM_TYPE]: { schema: ref(problemSchema) } } },
          },
        },
      },
      async (_request, reply) => {
        const missing = context.notReady();
        return missing.length === 0
          ? { status: "ready" }
          : sendProblem(reply, 503, `Not up yet: ${missing.join(", ")}.`);
      },
    );
    app.get(
      "/metrics",
      {
        schema: {
          summary: "Prometheus metrics",
          tags,
          response: { 200: { description: "Text format", content: { "text/plain": { schema: Type.String() } } } },
        },
      },
      async (_request, reply) => {
        return reply.type("text/plain; version=0.0.4; charset=utf-8").send(await context.metrics());
      },
    );
  },
});
