import { defineRoutes } from "../define.ts";

export const status = defineRoutes({
  id: "status",
  register(app, context) {
    app.get("/status", { schema: { summary: "The home in one answer", tags: ["home"] } }, async () => context.status());
    app.get("/backends", { schema: { summary: "Isolation back-ends", tags: ["response"] } }, async () => ({
      items: [],
    }));
    app.get(
      "/config",
      { config: { scope: "admin" }, schema: { summary: "The configuration without secrets", tags: ["home"] } },
      async () => context.config(),
    );
  },
});
