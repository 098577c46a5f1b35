import { defineFingerprint } from "../define.ts";

/** Home Assistant greets each page and app that connects with its version, before any log-in (developer documentation, WebSocket API). */
export const homeAssistantGreeting = defineFingerprint({
  id: "home-assistant-greeting",
  on: {
    websocket: ({ data, flow }, context) => {
      const version = data.homeAssistant?.version;
      if (version === undefined || !context.isHome(flow.serverIp)) return;
      context.observe({
        ip: flow.serverIp,
        type: "server",
        firmware: `Home Assistant ${version}`,
        // Nothing else greets so; the machine may do more than that.
        weight: 0.9,
        evidence: `greets as Home Assistant ${version}`,
        source: "websocket.home-assistant",
      });
    },
  },
});
