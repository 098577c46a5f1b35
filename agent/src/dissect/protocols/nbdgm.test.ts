import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { announcement } from "../../../test/props/samples/nbdgm.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { nbdgm } from "./nbdgm.ts";

const read = (octets: Uint8Array) => drive(nbdgm, [{ toServer: true, octets }]);

describe("nbdgm", () => {
  it("reads what a host announces of itself", () => {
    expect(read(announcement).events).toEqual([
      {
        messageType: 0x11,
        sourceIp: "192.168.1.30",
        source: { name: "NAS", suffix: 0x20 },
        destination: { name: "WORKGROUP", suffix: 0x1d },
        announcement: {
          name: "NAS",
          osMajor: 6,
          osMinor: 1,
          serverType: 0x0081_9a03,
          comment: "File box",
          isMaster: false,
        },
        length: announcement.length,
      },
    ]);
  });

  it("keeps the names when the announcement is cut", () => {
    const [event] = read(announcement.subarray(0, announcement.length - 30)).events;
    expect(event?.source.name).toBe("NAS");
    expect(event).not.toHaveProperty("announcement");
  });

  it("survives damage", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(250), fc.nat(255)), { maxLength: 8 }), (hits) => {
        const octets = Uint8Array.from(announcement);
        for (const [at, octet] of hits) octets[at % octets.length] = octet;
        expect(read(octets).events.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
