import Type from "typebox";
import type { StreamMessage } from "../context.ts";
import { defineRoutes } from "../define.ts";
import { sendProblem } from "../problem.ts";

/** Clients at once; each holds a socket. */
const MAX_CLIENTS = 64;
/** A client that lets this many octets wait is cut off: it comes back with Last-Event-ID. */
const MAX_WAITING = 1_048_576;
const PING_MS = 15_000;

export const events = defineRoutes({
  id: "events",
  register(app, context) {
    let clients = 0;
    app.get(
      "/events",
      {
        schema: {
          summary: "Server-sent events: status, device, incident, traffic",
          tags: ["home"],
          querystring: Type.Object({ last_event_id: Type.Optional(Type.String({ pattern: "^[0-9]{1,16}$" })) }),
        },
      },
      (request, reply) => {
        if (clients >= MAX_CLIENTS) return sendProblem(reply, 503, `There are ${MAX_CLIENTS} listeners already.`);
        const header = request.headers["last-event-id"];
        const lastId = Number(
          typeof header === "string" && /^\d{1,16}$/.test(header)
            ? header
            : (request.query.last_event_id ?? Number.NaN),
        );
        reply.hijack();
        const socket = reply.raw;
        const headers = {
          ...reply.getHeaders(),
          "content-type": "text/event-stream",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
        };
        socket.writeHead(200, headers as Record<string, string>);
        const send = (message: StreamMessage): void => {
          const id = message.id > 0 ? `id: ${message.id}\n` : "";
          socket.write(`${id}event: ${message.event}\ndata: ${message.body}\n\n`);
          if (socket.writableLength > MAX_WAITING) socket.destroy();
        };
        clients++;
        socket.write("retry: 2000\n\n");
        send({ id: 0, event: "status", body: JSON.stringify(context.status()) });
        if (Number.isFinite(lastId)) for (const message of context.streamAfter(lastId)) send(message);
        const unsubscribe = context.subscribe(send);
        const ping = setInterval(() => socket.write(": ping\n\n"), PING_MS);
        ping.unref();
        socket.on("close", () => {
          clients--;
          clearInterval(ping);
          unsubscribe();
        });
        return undefined;
      },
    );
  },
});
