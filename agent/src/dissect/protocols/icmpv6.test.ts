import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advertisement,
  echo,
  neighborAdvertisement,
  solicitation,
  tooBig,
} from "../../../test/props/samples/icmpv6.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { icmpv6 } from "./icmpv6.ts";

const read = (octets: Uint8Array) => drive(icmpv6, [{ toServer: true, octets }]);

describe("icmpv6", () => {
  it("reads a router advertisement with all its options", () => {
    const told = read(advertisement);
    expect(told.anomalies).toEqual([]);
    expect(told.events[0]).toMatchObject({
      type: 134,
      linkLayer: "00:11:32:fd:32:c3",
      router: {
        lifetimeSeconds: 1800,
        preference: "high",
        isManaged: false,
        hasOtherSettings: true,
        prefixes: [
          {
            prefix: "2001:db8:1::/64",
            isOnLink: true,
            isAutonomous: true,
            validSeconds: 86_400,
            preferredSeconds: 14_400,
          },
        ],
        nameServers: ["fd00::53"],
        searchDomains: ["lan"],
      },
    });
  });

  it("reads neighbour solicitation and advertisement", () => {
    expect(read(solicitation).events[0]).toMatchObject({
      type: 135,
      target: "fe80::211:32ff:fefd:32c3",
      linkLayer: "3c:06:30:2c:43:10",
    });
    expect(read(neighborAdvertisement).events[0]).toMatchObject({
      type: 136,
      target: "fe80::211:32ff:fefd:32c3",
      linkLayer: "00:11:32:fd:32:c3",
      isRouter: true,
      isSolicited: true,
      isOverride: true,
    });
  });

  it("reads echo and errors", () => {
    expect(read(echo).events[0]).toMatchObject({ type: 128, id: 7, sequence: 2, payloadLength: 4 });
    expect(read(tooBig).events[0]).toMatchObject({
      type: 2,
      quoted: { proto: 6, srcIp: "2001:db8::1", dstIp: "2001:db8::2", srcPort: 50000, dstPort: 443 },
    });
  });

  it("ends at an option of length 0 instead of going round", () => {
    const octets = Uint8Array.from(advertisement);
    octets[17] = 0;
    const told = read(octets);
    expect(told.anomalies).toEqual(["bad-option"]);
    expect(told.events[0]?.router?.prefixes).toEqual([]);
  });

  it("survives any options", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (options) => {
        const [event] = read(Uint8Array.from([...advertisement.subarray(0, 16), ...options])).events;
        expect(event?.router?.prefixes.length).toBeLessThanOrEqual(8);
        expect(event?.router?.searchDomains.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
