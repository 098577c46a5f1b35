import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { Dhcpv6Event } from "../../dissect/protocols/dhcpv6.ts";
import { dhcpv6 } from "./dhcpv6.ts";

const solicit: Dhcpv6Event = {
  messageType: 1,
  transactionId: 1,
  relays: 0,
  clientMac: "26:97:71:91:69:a3",
  fqdn: "anna-pc.lan",
  vendorEnterprise: 311,
  vendorClass: "MSFT 5.0",
  addresses: [],
  prefixes: [],
  nameServers: [],
};
const flow = { clientIp: "fe80::20", serverIp: "ff02::1:2", clientPort: 546, serverPort: 547 };

describe("dhcpv6", () => {
  it("trusts the frame's MAC more than the one in the DUID", () => {
    const seen = observed(dhcpv6, "dhcpv6", solicit, { flow });
    expect(seen).toMatchObject([
      { mac: "3c:06:30:aa:bb:cc", ip: "fe80::20", binds: true },
      { mac: "3c:06:30:aa:bb:cc", hostname: "anna-pc" },
      { mac: "3c:06:30:aa:bb:cc", os: "Windows", type: "computer" },
    ]);
  });

  it("learns nothing of a client from servers and relays", () => {
    expect(observed(dhcpv6, "dhcpv6", { ...solicit, messageType: 7 }, { flow })).toEqual([]);
    expect(observed(dhcpv6, "dhcpv6", { ...solicit, relays: 1 }, { flow })).toEqual([]);
  });
});
