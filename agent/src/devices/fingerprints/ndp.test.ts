import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { Icmpv6Event } from "../../dissect/protocols/icmpv6.ts";
import { ndp } from "./ndp.ts";

const base: Icmpv6Event = {
  type: 136,
  code: 0,
  id: 0,
  sequence: 0,
  payloadLength: 24,
  payloadHash: 0,
  messages: 1,
  payloadOctets: 24,
};
const flow = { proto: "IPv6-ICMP", clientIp: "fe80::20", serverIp: "ff02::1" };
const router = {
  lifetimeSeconds: 1800,
  preference: "medium",
  isManaged: false,
  hasOtherSettings: false,
  prefixes: [],
  nameServers: [],
  searchDomains: [],
} as const;

describe("ndp", () => {
  it("binds the target of an advertisement", () => {
    const data = { ...base, target: "fe80::20", linkLayer: "3c:06:30:aa:bb:cc" };
    expect(observed(ndp, "icmpv6", data, { flow })).toMatchObject([
      { mac: "3c:06:30:aa:bb:cc", ip: "fe80::20", binds: true },
    ]);
  });

  it("believes no advertisement whose frame came from another MAC", () => {
    const data = { ...base, target: "fe80::1", linkLayer: "00:11:22:33:44:55" };
    expect(observed(ndp, "icmpv6", data, { flow })).toEqual([]);
  });

  it("knows routers, but not Thread border routers", () => {
    const types = (lifetimeSeconds: number) =>
      observed(ndp, "icmpv6", { ...base, type: 134, router: { ...router, lifetimeSeconds } }, { flow }).map(
        (observation) => observation.type,
      );
    expect(types(1800)).toContain("router");
    expect(types(0)).not.toContain("router");
  });

  it("leaves solicitations of hosts without an address alone", () => {
    const data = { ...base, type: 135, target: "fe80::20" };
    expect(observed(ndp, "icmpv6", data, { flow: { ...flow, clientIp: "::" } })).toEqual([]);
  });
});
