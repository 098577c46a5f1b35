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
    app.get(
      "/backends",
      {
        schema: {
          summary: "Isolation back-ends",
          tags: ["response"],
          response: { 200: Type.Object({ items: Type.Array(Type.Object({ type: Type.String() })) }) },
        },
      },
      async () => ({ items: [] }),
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
