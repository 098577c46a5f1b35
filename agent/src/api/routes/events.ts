import Type from "typebox";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";
import { StreamClient } from "../stream-client.ts";

/** Clients at once; each holds a socket. */
const MAX_CLIENTS = 64;

export const events = defineRoutes({
  id: "events",
  register(app, context) {
    let clients = 0;
    app.get(
      "/events",
      {
        // A HEAD would open a stream that says nothing and stays.
        exposeHeadRoute: false,
        schema: {
          summary: "Server-sent events: status, device, incident, traffic; Last-Event-ID resumes",
          tags: ["home"],
          querystring: Type.Object({ last_event_id: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) }),
          response: {
            200: { description: "Events", content: { "text/event-stream": { schema: Type.String() } } },
          },
        },
      },
      async (request, reply) => {
        if (clients >= MAX_CLIENTS) return sendProblem(reply, 503, `There are ${MAX_CLIENTS} listeners already.`);
        const header = request.headers["last-event-id"];
        const said = typeof header === "string" && /^\d{1,15}$/.test(header) ? header : request.query.last_event_id;
        reply.hijack();
        const headers = {
          ...reply.getHeaders(),
          "content-type": "text/event-stream",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
        };
        reply.raw.writeHead(200, headers as Record<string, string>);
        clients++;
        reply.raw.once("close", () => clients--);
        const client = new StreamClient(reply.raw, context, request.isStillAllowed);
        void client.serve(said === undefined ? undefined : Number(said));
        return undefined;
      },
    );
  },
});
