import { defineFingerprint } from "../define.ts";
import { isHostMac } from "../facts.ts";

/** Which address belongs to which MAC, as the owner says it. */
export const arp = defineFingerprint({
  id: "arp",
  on: {
    arp: ({ data, flow }, context) => {
      // A probe only asks; proxies and forgers send what is not their own: then frame and packet name two senders.
      if (data.isProbe || data.senderIp === "0.0.0.0" || !isHostMac(data.senderMac) || data.operation > 2) return;
      if (flow.clientMac !== undefined && flow.clientMac !== data.senderMac) return;
      if (!context.isHome(data.senderIp)) return;
      context.observe({
        mac: data.senderMac,
        ip: data.senderIp,
        weight: 1,
        evidence: `ARP ${data.operation === 2 ? "reply" : "request"} of ${data.senderIp}`,
        source: "arp.sender",
        binds: true,
      });
    },
  },
});
