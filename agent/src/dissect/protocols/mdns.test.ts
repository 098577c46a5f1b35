import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { browse, chromecast, claim } from "../../../test/props/samples/mdns.ts";
import { drive, hex } from "../../../test/props/stream-drive.ts";
import { mdns } from "./mdns.ts";

const read = (octets: Uint8Array) => drive(mdns, [{ toServer: true, octets }]);

describe("mdns", () => {
  it("reads services, instance with a dot in its name, host and TXT pairs", () => {
    const told = read(chromecast);
    expect(told.anomalies).toEqual([]);
    expect(told.events[0]).toMatchObject({
      isResponse: true,
      services: ["_googlecast._tcp"],
      instances: [
        {
          name: "Living Room.TV1",
          service: "_googlecast._tcp",
          target: "cast0001.local",
          port: 8009,
          text: [
            { key: "id", value: "3fa1c0de" },
            { key: "fn", value: "Salon Télé" },
            { key: "md", value: "CC" },
          ],
        },
      ],
      hostname: "cast0001.local",
      addresses: ["192.168.50.131"],
    });
  });

  it("does not take what an asker knows of others for its own", () => {
    expect(read(browse).events[0]).toMatchObject({
      isResponse: false,
      questions: [
        { name: "_airplay._tcp.local", type: "PTR", wantsUnicast: true },
        { name: "_googlecast._tcp.local", type: "PTR", wantsUnicast: false },
      ],
      knownAnswerCount: 1,
      services: [],
      instances: [],
      hostname: "",
    });
  });

  it("takes the name that a host is about to claim", () => {
    expect(read(claim).events[0]).toMatchObject({ hostname: "Anna-iPad.local", addresses: ["192.168.20.133"] });
  });

  it("ignores good-byes", () => {
    // A record of Anna-iPad.local with TTL 0.
    const goodbye = hex(
      "0000 8400 0000 0001 0000 0000 09416e6e612d69506164056c6f63616c00 0001 8001 00000000 0004 c0a81485",
    );
    const [event] = read(goodbye).events;
    expect(event).toMatchObject({ hostname: "", addresses: [] });
    expect(event?.records).toHaveLength(1);
  });

  it("survives damage", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(chromecast, browse, claim),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255))),
        (real, hits) => {
          const octets = Uint8Array.from(real);
          for (const [at, octet] of hits) octets[at % octets.length] = octet;
          const [event] = read(octets).events;
          expect(event?.instances.length ?? 0).toBeLessThanOrEqual(32);
          expect(event?.addresses.length ?? 0).toBeLessThanOrEqual(16);
        },
      ),
    );
  });
});
