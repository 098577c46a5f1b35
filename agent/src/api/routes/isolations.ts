import type { IsolationAnswer } from "@lanwarden/contract/isolation";
import type { FastifyReply } from "fastify";
import Type from "typebox";
import type { ApiContext } from "../context.ts";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";
import { backendSchema, deviceSchema, hubStateSchema, isolationSchema, page, ref } from "../schemas.ts";

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
/** Words that go to logs and to Home Assistant: no control characters. */
const words = (maxLength: number) => Type.String({ maxLength, pattern: "^[^\\p{Cc}]*$" });
const LONGEST_SECONDS = 31_536_000;
const wish = Type.Object(
  {
    for_seconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 10, maximum: LONGEST_SECONDS }), Type.Null()], {
        description: "ends by itself after this; null: only when released; left out: the configured time",
      }),
    ),
    reason: Type.Optional(words(200)),
    by: Type.Optional(words(64)),
    incident: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);

export const isolations = defineRoutes({
  id: "isolations",
  register(app, context) {
    const tags = ["response"];
    const one = { 202: ref(deviceSchema) };
    app.put(
      "/devices/:id/isolation",
      {
        schema: {
          summary: "Isolate a device; 202 when it is written down, 409 with a code when it is refused",
          tags,
          params,
          body: wish,
          response: one,
        },
        // Nothing need be said: the configured time, no reason.
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        return answer(reply, context, id, await context.isolate(id, { by: "api", ...request.body }));
      },
    );
    app.delete(
      "/devices/:id/isolation",
      { schema: { summary: "Release a device", tags, params, response: one } },
      async (request, reply) => {
        const { id } = request.params;
        return answer(reply, context, id, await context.release(id, "api"));
      },
    );
    app.get(
      "/isolations",
      {
        schema: {
          summary: "Journal of isolations, newest first",
          tags,
          response: { 200: page(isolationSchema) },
        },
      },
      async () => ({ items: context.isolations(), next: null }),
    );
    app.delete(
      "/isolations",
      { schema: { summary: "Release every device", tags, response: { 200: ref(hubStateSchema) } } },
      async () => {
        await context.releaseAll("api");
        return context.status();
      },
    );
    app.get(
      "/backends",
      {
        schema: {
          summary: "Isolation back-ends: what each reaches and holds",
          tags,
          response: { 200: page(backendSchema) },
        },
      },
      async () => ({ items: await context.backends(), next: null }),
    );
  },
});

function answer(
  reply: FastifyReply,
  context: ApiContext,
  id: string,
  result: IsolationAnswer | undefined,
): FastifyReply {
  const device = context.device(id);
  if (result === undefined || device === undefined) return sendProblem(reply, 404, `No device "${id}".`);
  return result.accepted ? reply.code(202).send(device) : sendProblem(reply, 409, result.detail, result.code);
}
