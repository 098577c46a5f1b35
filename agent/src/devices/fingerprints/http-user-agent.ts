import type { HttpEvent } from "../../dissect/http-event.ts";
import { defineFingerprint, type ObserveContext } from "../define.ts";
import { observeFacts, readFacts } from "../facts.ts";
import { HTTP_SERVERS, USER_AGENTS } from "../known-user-agents.ts";

interface HttpStep {
  readonly data: HttpEvent;
  readonly flow: { readonly clientIp: string; readonly serverIp: string };
}

/** What programs and servers say of the device that they run on. By address only: the frame's MAC may be that of a router between. */
export const httpUserAgent = defineFingerprint({
  id: "http-user-agent",
  on: { http: observe, http2: observe },
});

function observe({ data, flow }: HttpStep, context: ObserveContext): void {
  if (data.phase === "request" && data.userAgent !== "" && context.isHome(flow.clientIp)) {
    const match = readFacts(USER_AGENTS, data.userAgent);
    observeFacts(context, { ip: flow.clientIp }, match, `HTTP User-Agent ${data.userAgent}`, "http.user-agent");
  } else if (data.phase === "response" && data.server !== "" && context.isHome(flow.serverIp)) {
    const match = readFacts(HTTP_SERVERS, data.server);
    observeFacts(context, { ip: flow.serverIp }, match, `HTTP Server ${data.server}`, "http.server");
  }
}
