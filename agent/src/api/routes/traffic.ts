import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { applicationSchema, flowSchema, historyPointSchema, miningSchema, page } from "../schemas.ts";

const flowQuery = Type.Object(
  {
    device: Type.Optional(Type.String({ maxLength: 64 })),
    cursor: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 200 }),
  },
  { additionalProperties: false },
);
const historyQuery = Type.Object(
  { hours: Type.Integer({ minimum: 1, maximum: 8784, default: 24 }) },
  { additionalProperties: false },
);

export const traffic = defineRoutes({
  id: "traffic",
  register(app, context) {
    const tags = ["traffic"];
    app.get(
      "/flows",
      {
        schema: {
          summary: "Finished flows, newest first",
          tags,
          querystring: flowQuery,
          response: { 200: page(flowSchema) },
        },
      },
      async (request) => context.flows(request.query),
    );
    app.get(
      "/applications",
      {
        schema: {
          summary: "Octets per application of the last day",
          tags,
          response: { 200: page(applicationSchema) },
        },
      },
      async () => ({ items: context.applications(), next: null }),
    );
    app.get(
      "/mining",
      { schema: { summary: "Who mines, what, where to", tags, response: { 200: page(miningSchema) } } },
      async () => ({ items: context.mining(), next: null }),
    );
    app.get(
      "/history",
      {
        schema: {
          summary: "The home's score over time",
          tags,
          querystring: historyQuery,
          response: { 200: page(historyPointSchema) },
        },
      },
      async (request) => ({ items: context.history(request.query.hours), next: null }),
    );
  },
});
