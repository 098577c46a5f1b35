import { defineFingerprint } from "../define.ts";
import { readFacts } from "../facts.ts";
import { HTTP_SERVERS, USER_AGENTS } from "../known-user-agents.ts";

/** What programs and servers say of the device that they run on. By address only: the frame's MAC may be that of a router between. */
export const httpUserAgent = defineFingerprint({
  id: "http-user-agent",
  on: {
    http: ({ data, flow }, context) => {
      if (data.phase === "request" && data.userAgent !== "" && context.isHome(flow.clientIp)) {
        const match = readFacts(USER_AGENTS, data.userAgent);
        if (match) {
          const evidence = `HTTP User-Agent ${data.userAgent}`;
          context.observe({
            ip: flow.clientIp,
            ...match.facts,
            weight: match.weight,
            evidence,
            source: "http.user-agent",
          });
        }
      } else if (data.phase === "response" && data.server !== "" && context.isHome(flow.serverIp)) {
        const match = readFacts(HTTP_SERVERS, data.server);
        if (match) {
          const evidence = `HTTP Server ${data.server}`;
          context.observe({ ip: flow.serverIp, ...match.facts, weight: match.weight, evidence, source: "http.server" });
        }
      }
    },
  },
});
