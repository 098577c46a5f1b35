import { defineFingerprint } from "../define.ts";
import { hostLabel, isHostMac, isNoName, observeFacts, readFacts, senderOf } from "../facts.ts";
import { HOST_NAMES, VENDOR_CLASSES } from "../known-dhcp.ts";

const MICROSOFT = 311;

/** What a client tells when it asks for an IPv6 address. */
export const dhcpv6 = defineFingerprint({
  id: "dhcpv6",
  on: {
    dhcpv6: (event, context) => {
      const { data } = event;
      const isServer = data.messageType === 2 || data.messageType === 7 || data.messageType === 10;
      if (isServer || data.relays > 0) return;
      // The DUID may hold the MAC of another or of a former interface of the host: the frame's own is better (RFC 8415 §11).
      const sender = senderOf(event);
      const mac = sender.mac ?? data.clientMac;
      if (mac === undefined || !isHostMac(mac)) return;
      context.observe({
        mac,
        ip: sender.ip,
        weight: 1,
        evidence: "DHCPv6 from this link",
        source: "dhcpv6.sender",
        binds: true,
      });
      const hostname = hostLabel(data.fqdn ?? "");
      if (!isNoName(hostname)) {
        context.observe({
          mac,
          hostname,
          weight: 0.9,
          evidence: `DHCPv6 option 39 says ${hostname}`,
          source: "dhcp.hostname",
        });
        const match = readFacts(HOST_NAMES, hostname);
        observeFacts(context, { mac }, match, `named ${hostname}`, "dhcp.hostname-pattern");
      }
      const match = readFacts(VENDOR_CLASSES, data.vendorClass ?? "");
      if (match) {
        observeFacts(context, { mac }, match, `DHCPv6 option 16 says ${data.vendorClass}`, "dhcpv6.vendor-class");
      } else if (data.vendorEnterprise === MICROSOFT) {
        context.observe({
          mac,
          os: "Windows",
          weight: 0.5,
          evidence: "DHCPv6 enterprise 311 is Microsoft",
          source: "dhcpv6.vendor-class",
        });
      }
    },
  },
});
