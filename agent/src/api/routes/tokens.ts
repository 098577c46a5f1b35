import { SCOPES } from "@lanwarden/contract/api";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";
import { page, tokenSchema } from "../schemas.ts";

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const body = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }), scope: Type.Enum([...SCOPES]) },
  { additionalProperties: false },
);
const made = Type.Object({ id: Type.String(), token: Type.String() });

export const tokens = defineRoutes({
  id: "tokens",
  register(app, context) {
    const tags = ["tokens"];
    const config = { scope: "admin" } as const;
    app.get(
      "/tokens",
      { config, schema: { summary: "Tokens (never their text)", tags, response: { 200: page(tokenSchema) } } },
      async () => ({ items: context.tokens.list(), next: null }),
    );
    app.post(
      "/tokens",
      {
        config,
        schema: { summary: "Make a token; its text is in this answer only", tags, body, response: { 201: made } },
      },
      async (request, reply) => reply.code(201).send(context.tokens.create(request.body.name, request.body.scope)),
    );
    app.delete(
      "/tokens/:id",
      { config, schema: { summary: "Revoke a token", tags, params, response: { 204: Type.Null() } } },
      async (request, reply) =>
        context.tokens.revoke(request.params.id)
          ? reply.code(204).send(null)
          : sendProblem(reply, 404, `No token "${request.params.id}".`),
    );
  },
});
