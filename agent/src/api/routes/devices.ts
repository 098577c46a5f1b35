import type { DevicePatch } from "@lanwarden/contract/api";
import { DEVICE_PROFILES } from "@lanwarden/contract/isolation";
import { DEVICE_TYPES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";
import { deviceSchema, page, ref } from "../schemas.ts";

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const patch = Type.Object(
  {
    // Anything that can be seen: no control characters, and not blank.
    name: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 64, pattern: "^(?=.*\\S)[^\\p{Cc}]*$" }), Type.Null()]),
    ),
    type: Type.Optional(Type.Union([Type.Enum([...DEVICE_TYPES]), Type.Null()])),
    pinned: Type.Optional(Type.Boolean()),
    policy: Type.Optional(Type.Union([Type.Enum([...DEVICE_PROFILES]), Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const devices = defineRoutes({
  id: "devices",
  register(app, context) {
    const tags = ["devices"];
    const one = { 200: ref(deviceSchema) };
    const none = (id: string): string => `No device "${id}".`;
    app.get(
      "/devices",
      { schema: { summary: "Devices, riskiest first", tags, response: { 200: page(deviceSchema) } } },
      async () => ({ items: context.devices(), next: null }),
    );
    app.get(
      "/devices/:id",
      { schema: { summary: "One device", tags, params, response: one } },
      async (request, reply) => context.device(request.params.id) ?? sendProblem(reply, 404, none(request.params.id)),
    );
    app.patch(
      "/devices/:id",
      { schema: { summary: "Name, type, profile or pin of a device", tags, params, body: patch, response: one } },
      async (request, reply) =>
        context.patchDevice(request.params.id, request.body as DevicePatch) ??
        sendProblem(reply, 404, none(request.params.id)),
    );
  },
});
