import { defineFingerprint } from "../define.ts";
import { observeFacts, readFacts, senderOf } from "../facts.ts";
import { UPNP_SERVERS, UPNP_TARGETS } from "../known-upnp.ts";

/** What a UPnP device announces or answers; of a search, only what the asker runs. */
export const ssdp = defineFingerprint({
  id: "ssdp",
  on: {
    ssdp: (event, context) => {
      const { data } = event;
      const sender = senderOf(event);
      if (!context.isHome(sender.ip) || data.subtype === "ssdp:byebye") return;
      if (data.kind === "search") {
        const asker = readFacts(UPNP_SERVERS, data.userAgent ?? "");
        if (asker?.facts.os !== undefined) {
          const evidence = `SSDP search by ${data.userAgent}`;
          context.observe({ ...sender, os: asker.facts.os, weight: 0.4, evidence, source: "ssdp.user-agent" });
        }
        return;
      }
      // One host may announce for another (a hub for its lamps): the address in LOCATION is the device's.
      if (locationHost(data.location) !== undefined && locationHost(data.location) !== sender.ip) return;
      const server = readFacts(UPNP_SERVERS, data.server ?? "");
      observeFacts(context, sender, server, `SSDP server ${data.server}`, "ssdp.server");
      const target = readFacts(UPNP_TARGETS, data.target);
      // By kind of target: a router announces a dozen of them, and all are one witness.
      const source = `ssdp.target.${target?.facts.type ?? "other"}`;
      observeFacts(context, sender, target, `SSDP announces ${data.target}`, source);
      if (data.vendorFields["hue-bridgeid"] !== undefined) {
        const facts = { vendor: "Signify (Philips Hue)", type: "hub" } as const;
        context.observe({ ...sender, ...facts, weight: 0.9, evidence: "SSDP field hue-bridgeid", source: "ssdp.hue" });
      }
    },
  },
});

/** IPv4 address in the LOCATION URL; undefined when it has a name or IPv6. */
const locationHost = (location: string | undefined): string | undefined =>
  /^https?:\/\/(\d{1,3}(?:\.\d{1,3}){3})[:/]/.exec(location ?? "")?.[1];
