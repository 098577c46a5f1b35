import type { DevicePatch } from "@lanwarden/contract/api";
import { DEVICE_TYPES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const patch = Type.Object(
  {
    name: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()])),
    type: Type.Optional(Type.Union([Type.Enum([...DEVICE_TYPES]), Type.Null()])),
    pinned: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const devices = defineRoutes({
  id: "devices",
  register(app, context) {
    app.get("/devices", { schema: { summary: "Devices, riskiest first", tags: ["devices"] } }, async () => ({
      items: context.devices(),
      next: null,
    }));
    app.get(
      "/devices/:id",
      { schema: { summary: "One device", tags: ["devices"], params } },
      async (request, reply) => {
        return context.device(request.params.id) ?? sendProblem(reply, 404, `No device "${request.params.id}".`);
      },
    );
    app.patch(
      "/devices/:id",
      { schema: { summary: "Name, type or pin a device", tags: ["devices"], params, body: patch } },
      async (request, reply) => {
        return (
          context.patchDevice(request.params.id, request.body as DevicePatch) ??
          sendProblem(reply, 404, `No device "${request.params.id}".`)
        );
      },
    );
  },
});
