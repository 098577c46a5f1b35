import { GUARD_MODES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { hubStateSchema, ref } from "../schemas.ts";

export const status = defineRoutes({
  id: "status",
  register(app, context) {
    app.get(
      "/status",
      { schema: { summary: "The home in one answer", tags: ["home"], response: { 200: ref(hubStateSchema) } } },
      async () => context.status(),
    );
    app.put(
      "/mode",
      {
        schema: {
          summary: "What Lanwarden may do: monitor, ask or protect",
          tags: ["response"],
          body: Type.Object({ mode: Type.Enum([...GUARD_MODES]) }, { additionalProperties: false }),
          response: { 200: ref(hubStateSchema) },
        },
      },
      async (request) => context.setMode(request.body.mode),
    );
    app.get(
      "/config",
      {
        config: { scope: "admin" },
        schema: {
          summary: "The configuration without secrets",
          tags: ["home"],
          response: { 200: Type.Object({}, { additionalProperties: true }) },
        },
      },
      async () => context.config(),
    );
  },
});
