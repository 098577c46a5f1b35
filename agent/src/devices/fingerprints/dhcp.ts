import type { DhcpEvent } from "../../dissect/protocols/dhcp.ts";
import { defineFingerprint, type ObserveContext } from "../define.ts";
import { hostLabel, isHostMac, isNoName, readFacts } from "../facts.ts";
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
    if (match) {
      context.observe({
        mac,
        ...match.facts,
        weight: match.weight,
        evidence: `named ${hostname}`,
        source: "dhcp.hostname-pattern",
      });
    }
  }
  if (data.vendorClass !== undefined) {
    const match = readFacts(VENDOR_CLASSES, data.vendorClass);
    if (match) {
      const evidence = `DHCP option 60 says ${data.vendorClass}`;
      context.observe({ mac, ...match.facts, weight: match.weight, evidence, source: "dhcp.vendor-class" });
    }
  }
  const pattern = data.parameterList && readParameterList(data.parameterList);
  if (pattern) {
    const evidence = `DHCP option 55 asks like ${pattern.who}`;
    context.observe({ mac, ...pattern.facts, weight: pattern.weight, evidence, source: "dhcp.parameters" });
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
