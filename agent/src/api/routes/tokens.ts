import { SCOPES, type Scope } from "@lanwarden/contract/api";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";

export const tokens = defineRoutes({
  id: "tokens",
  register(app, context) {
    const tags = ["tokens"];
    const config = { scope: "admin" } as const;
    app.get("/tokens", { config, schema: { summary: "Tokens (never their text)", tags } }, async () => ({
      items: context.tokens.list(),
      next: null,
    }));
    app.post(
      "/tokens",
      {
        config,
        schema: {
          summary: "Make a token; its text is in this answer only",
          tags,
          body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }), scope: Type.Enum([...SCOPES]) }),
        },
      },
      async (request, reply) =>
        reply.code(201).send(context.tokens.create(request.body.name, request.body.scope as Scope)),
    );
    app.delete(
      "/tokens/:id",
      {
        config,
        schema: { summary: "Revoke a token", tags, params: Type.Object({ id: Type.String({ maxLength: 64 }) }) },
      },
      async (request, reply) => {
        return context.tokens.revoke(request.params.id)
          ? reply.code(204).send()
          : sendProblem(reply, 404, `No token "${request.params.id}".`);
      },
    );
  },
});
