import { defineFingerprint } from "../define.ts";
import { isHostMac, senderOf } from "../facts.ts";

const RA = 134;
const NS = 135;
const NA = 136;

/** Which IPv6 address belongs to which MAC, and who routes. */
export const ndp = defineFingerprint({
  id: "ndp",
  on: {
    icmpv6: (event, context) => {
      const { data } = event;
      const sender = senderOf(event);
      const mac = data.linkLayer ?? sender.mac;
      if (mac === undefined || !isHostMac(mac) || (sender.mac !== undefined && sender.mac !== mac)) return;
      if (data.type === NA && data.target !== undefined) {
        context.observe({
          mac,
          ip: data.target,
          weight: 1,
          evidence: `neighbour advertisement for ${data.target}`,
          source: "ndp.address",
          binds: true,
        });
      } else if ((data.type === NS || data.type === RA) && sender.ip !== "::") {
        context.observe({
          mac,
          ip: sender.ip,
          weight: 1,
          evidence: `neighbour discovery from ${sender.ip}`,
          source: "ndp.address",
          binds: true,
        });
      }
      // A lifetime of 0 is not a default router: Thread border routers (speakers, TV boxes) announce so.
      if (data.type === RA && data.router !== undefined && data.router.lifetimeSeconds > 0) {
        context.observe({
          mac,
          ip: sender.ip,
          type: "router",
          weight: 0.6,
          evidence: "announces itself as IPv6 default router",
          source: "ndp.router",
        });
      }
    },
  },
});
