import { INCIDENT_KINDS, type IncidentKind, SEVERITIES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const query = Type.Object({
  status: Type.Optional(Type.Enum(["open", "acknowledged", "resolved"])),
  kind: Type.Optional(Type.Enum([...INCIDENT_KINDS])),
  device: Type.Optional(Type.String({ maxLength: 64 })),
  severity: Type.Optional(Type.Enum([...SEVERITIES])),
  cursor: Type.Optional(Type.String({ maxLength: 80, pattern: "^[0-9]+_[A-Za-z0-9-]+$" })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
});

export const incidents = defineRoutes({
  id: "incidents",
  register(app, context) {
    const tags = ["incidents"];
    const none = (id: string): string => `No incident "${id}".`;
    app.get(
      "/incidents",
      { schema: { summary: "Incidents, newest first", tags, querystring: query } },
      async (request) => context.incidents(request.query),
    );
    app.get("/incidents/:id", { schema: { summary: "One incident", tags, params } }, async (request, reply) => {
      return context.incident(request.params.id) ?? sendProblem(reply, 404, none(request.params.id));
    });
    app.post(
      "/incidents/:id/acknowledge",
      { schema: { summary: "Seen: do not remind", tags, params } },
      async (request, reply) => {
        return context.acknowledge(request.params.id) ?? sendProblem(reply, 404, none(request.params.id));
      },
    );
    app.post(
      "/incidents/:id/normal",
      { schema: { summary: "Normal for this device", tags, params } },
      async (request, reply) => {
        return context.markNormal(request.params.id, "api") ?? sendProblem(reply, 404, none(request.params.id));
      },
    );
    app.get("/normal", { schema: { summary: "What was declared normal", tags } }, async () => ({
      items: context.normalRules(),
      next: null,
    }));
    app.delete(
      "/normal/:id",
      { schema: { summary: "Take back that something is normal", tags, params } },
      async (request, reply) => {
        return context.undoNormal(request.params.id)
          ? reply.code(204).send()
          : sendProblem(reply, 404, `No rule "${request.params.id}".`);
      },
    );
    app.post(
      "/drills",
      {
        schema: {
          summary: "A test incident: notifies, never acts",
          tags,
          body: Type.Object({ kind: Type.Enum([...INCIDENT_KINDS]), device: Type.String({ maxLength: 64 }) }),
        },
      },
      async (request, reply) => {
        const made = context.drill(request.body.kind as IncidentKind, request.body.device);
        return made ? reply.code(201).send(made) : sendProblem(reply, 404, `No device "${request.body.device}".`);
      },
    );
  },
});
