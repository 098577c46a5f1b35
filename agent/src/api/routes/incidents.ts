import { INCIDENT_KINDS, SEVERITIES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";
import { incidentSchema, normalRuleSchema, page, ref } from "../schemas.ts";

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const query = Type.Object(
  {
    status: Type.Optional(Type.Enum(["open", "acknowledged", "resolved"])),
    kind: Type.Optional(Type.Enum([...INCIDENT_KINDS])),
    device: Type.Optional(Type.String({ maxLength: 64 })),
    severity: Type.Optional(Type.Enum([...SEVERITIES], { description: "this one or worse" })),
    cursor: Type.Optional(Type.String({ maxLength: 80, pattern: "^[0-9]{1,16}_[A-Za-z0-9-]+$" })),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  },
  { additionalProperties: false },
);
const drill = Type.Object(
  { kind: Type.Enum([...INCIDENT_KINDS]), device: Type.String({ maxLength: 64 }) },
  { additionalProperties: false },
);

export const incidents = defineRoutes({
  id: "incidents",
  register(app, context) {
    const tags = ["incidents"];
    const one = { 200: ref(incidentSchema) };
    const none = (id: string): string => `No incident "${id}".`;
    app.get(
      "/incidents",
      {
        schema: {
          summary: "Incidents, newest first",
          tags,
          querystring: query,
          response: { 200: page(incidentSchema) },
        },
      },
      async (request) => context.incidents(request.query),
    );
    app.get(
      "/incidents/:id",
      { schema: { summary: "One incident", tags, params, response: one } },
      async (request, reply) => context.incident(request.params.id) ?? sendProblem(reply, 404, none(request.params.id)),
    );
    app.post(
      "/incidents/:id/acknowledge",
      { schema: { summary: "Seen: do not remind", tags, params, response: one } },
      async (request, reply) =>
        context.acknowledge(request.params.id) ?? sendProblem(reply, 404, none(request.params.id)),
    );
    app.post(
      "/incidents/:id/normal",
      { schema: { summary: "Normal for this device", tags, params, response: { 200: ref(normalRuleSchema) } } },
      async (request, reply) =>
        context.markNormal(request.params.id, "api") ?? sendProblem(reply, 404, none(request.params.id)),
    );
    app.get(
      "/normal",
      { schema: { summary: "What was declared normal", tags, response: { 200: page(normalRuleSchema) } } },
      async () => ({ items: context.normalRules(), next: null }),
    );
    app.delete(
      "/normal/:id",
      { schema: { summary: "Take back that something is normal", tags, params, response: { 204: Type.Null() } } },
      async (request, reply) =>
        context.undoNormal(request.params.id)
          ? reply.code(204).send(null)
          : sendProblem(reply, 404, `No rule "${request.params.id}".`),
    );
    app.post(
      "/drills",
      {
        schema: {
          summary: "A test incident: notifies, never acts",
          tags,
          body: drill,
          response: { 201: ref(incidentSchema) },
        },
      },
      async (request, reply) => {
        const made = context.drill(request.body.kind, request.body.device);
        return made ? reply.code(201).send(made) : sendProblem(reply, 404, `No device "${request.body.device}".`);
      },
    );
  },
});
