import type { MatterState } from "@lanwarden/contract/matter";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";
import { matterSchema, ref } from "../schemas.ts";

const OFF = "The Matter bridge is off; matter.enabled: true in the configuration starts it.";
const OFF_STATE: MatterState = {
  enabled: false,
  state: "off",
  detail: OFF,
  qr: null,
  manual: null,
  port: 0,
  fabrics: [],
  endpoints: [],
};

export const matter = defineRoutes({
  id: "matter",
  register(app, context) {
    const tags = ["matter"];
    app.get(
      "/matter",
      {
        schema: {
          summary: "Matter bridge: state, ecosystems, endpoints; pairing codes for scope admin only",
          tags,
          response: { 200: ref(matterSchema) },
        },
      },
      async (request) => {
        const state = context.matter() ?? OFF_STATE;
        // Who pairs may isolate devices: the codes are worth a token.
        return request.scope === "admin" ? state : { ...state, qr: null, manual: null };
      },
    );
    app.post(
      "/matter/window",
      {
        config: { scope: "admin" },
        schema: {
          summary: "Let a further Matter controller in for some minutes; the codes are in GET /matter then",
          tags,
          response: { 202: ref(matterSchema) },
        },
      },
      async (_request, reply) => {
        const state = context.matter();
        if (!state) return sendProblem(reply, 404, OFF);
        if (!context.openMatterWindow())
          return sendProblem(reply, 409, `The Matter bridge is not up: ${state.detail ?? "it is starting"}.`);
        return reply.code(202).send(state);
      },
    );
  },
});
