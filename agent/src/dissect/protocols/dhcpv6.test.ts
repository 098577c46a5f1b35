import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { relayedReply, solicit } from "../../../test/props/samples/dhcpv6.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { dhcpv6 } from "./dhcpv6.ts";

const read = (octets: Uint8Array) => drive(dhcpv6, [{ toServer: true, octets }]);

describe("dhcpv6", () => {
  it("reads a solicit", () => {
    const told = read(solicit);
    expect(told.anomalies).toEqual([]);
    expect(told.events).toEqual([
      {
        messageType: 1,
        transactionId: 0x8a7b6c,
        relays: 0,
        clientDuid: "000100012b3c4d5e3c06302c4310",
        clientMac: "3c:06:30:2c:43:10",
        fqdn: "desk",
        vendorEnterprise: 311,
        vendorClass: "MSFT 5.0",
        requestedOptions: [17, 23, 24, 32],
        addresses: [],
        prefixes: [],
        nameServers: [],
      },
    ]);
  });

  it("reads the message inside a relay's", () => {
    const told = read(relayedReply);
    expect(told.anomalies).toEqual([]);
    expect(told.events[0]).toMatchObject({
      messageType: 7,
      relays: 1,
      clientMac: "3c:06:30:2c:43:10",
      serverDuid: "00030001001132fd32c3",
      addresses: ["2001:db8:1::168"],
      prefixes: ["2001:db8:2::/56"],
      nameServers: ["2001:db8::53"],
    });
  });

  it("keeps what stood before a cut option", () => {
    const told = read(solicit.subarray(0, solicit.length - 3));
    expect(told.anomalies).toEqual(["malformed-options"]);
    expect(told.events[0]).toMatchObject({ fqdn: "desk", vendorEnterprise: 311 });
  });

  it("ends at relays nested too deep", () => {
    let message = solicit;
    for (let i = 0; i < 12; i++) {
      const relay = new Uint8Array(38 + message.length);
      relay[0] = 12;
      relay[35] = 9;
      relay[36] = message.length >>> 8;
      relay[37] = message.length & 255;
      relay.set(message, 38);
      message = relay;
    }
    expect(read(message).events).toEqual([]);
  });

  it("survives any octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(solicit.length), (noise, kept) => {
        const told = read(Uint8Array.from([...solicit.subarray(0, kept), ...noise]));
        expect(told.events[0]?.addresses.length ?? 0).toBeLessThanOrEqual(16);
      }),
    );
  });
});
