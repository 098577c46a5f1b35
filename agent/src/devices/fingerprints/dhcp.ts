import type { DhcpEvent } from "../../dissect/protocols/dhcp.ts";
import { defineFingerprint, type ObserveContext } from "../define.ts";
import { hostLabel, isHostMac, isNoName, observeFacts, readFacts } from "../facts.ts";
import { HOST_NAMES, readParameterList, VENDOR_CLASSES } from "../known-dhcp.ts";

const OFFER = 2;
const ACK = 5;

/** What a client tells when it asks for an address, and what the server gives it. */
export const dhcp = defineFingerprint({
  id: "dhcp",
  on: {
    dhcp: ({ data }, context) => {
      if (!isHostMac(data.clientMac)) return;
      if (data.isReply) observeReply(data, context);
      else observeRequest(data, context);
    },
  },
});

function observeRequest(data: DhcpEvent, context: ObserveContext): void {
  const mac = data.clientMac;
  // A client that renews writes the address that it has into the header (RFC 2131 §4.3.2).
  if (data.ciaddr !== undefined && context.isHome(data.ciaddr)) {
    context.observe({ mac, ip: data.ciaddr, weight: 1, evidence: "DHCP renewal", source: "dhcp.lease", binds: true });
  }
  const hostname = hostLabel(data.hostname ?? data.fqdn ?? "");
  if (!isNoName(hostname)) {
    context.observe({
      mac,
      hostname,
      weight: 0.9,
      evidence: `DHCP option 12 says ${hostname}`,
      source: "dhcp.hostname",
    });
    const match = readFacts(HOST_NAMES, hostname);
    observeFacts(context, { mac }, match, `named ${hostname}`, "dhcp.hostname-pattern");
  }
  if (data.vendorClass !== undefined) {
    const match = readFacts(VENDOR_CLASSES, data.vendorClass);
    observeFacts(context, { mac }, match, `DHCP option 60 says ${data.vendorClass}`, "dhcp.vendor-class");
  }
  const pattern = data.parameterList && readParameterList(data.parameterList);
  if (pattern) {
    observeFacts(context, { mac }, pattern, `DHCP option 55 asks like ${pattern.who}`, "dhcp.parameters");
  }
}

function observeReply(data: DhcpEvent, context: ObserveContext): void {
  if (data.messageType === ACK) {
    const ip = data.yiaddr ?? data.ciaddr;
    if (ip !== undefined && context.isHome(ip)) {
      const evidence = `DHCP lease of ${ip}`;
      context.observe({ mac: data.clientMac, ip, weight: 1, evidence, source: "dhcp.lease", binds: true });
    }
  }
  if (data.messageType !== OFFER && data.messageType !== ACK) return;
  const router = data.routers?.[0];
  if (router !== undefined && context.isHome(router)) {
    const evidence = "DHCP option 3 names it as the router";
    context.observe({ ip: router, type: "router", weight: 0.6, evidence, source: "dhcp.router" });
  }
}
