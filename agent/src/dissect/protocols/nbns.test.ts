import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeStatus, query, registration } from "../../../test/props/samples/nbns.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { nbns } from "./nbns.ts";

const read = (octets: Uint8Array) => drive(nbns, [{ toServer: true, octets }]);

describe("nbns", () => {
  it("reads a registration: the sender's own name and address", () => {
    expect(read(registration).events).toEqual([
      {
        isResponse: false,
        opcode: 5,
        rcode: 0,
        name: { name: "ANNA-PC", suffix: 0, isGroup: false },
        type: "NB",
        addresses: ["192.168.1.25"],
        nodeNames: [],
        length: registration.length,
      },
    ]);
  });

  it("reads a query for a file server", () => {
    expect(read(query).events[0]).toMatchObject({ opcode: 0, name: { name: "NAS", suffix: 0x20 }, type: "NB" });
  });

  it("reads a node status", () => {
    expect(read(nodeStatus).events[0]).toMatchObject({
      isResponse: true,
      name: { name: "*" },
      type: "NBSTAT",
      nodeNames: [
        { name: "NAS", suffix: 0, isGroup: false },
        { name: "WORKGROUP", suffix: 0, isGroup: true },
      ],
      mac: "00:11:32:fd:32:c3",
    });
  });

  it("refuses names that are not encoded", () => {
    const octets = Uint8Array.from(query);
    octets[20] = 0x51; // "Q": no half octet
    expect(read(octets)).toMatchObject({ events: [], anomalies: ["malformed-data"] });
  });

  it("survives damage", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(registration, nodeStatus),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255))),
        (real, hits) => {
          const octets = Uint8Array.from(real);
          for (const [at, octet] of hits) octets[at % octets.length] = octet;
          expect(read(octets).events[0]?.nodeNames.length ?? 0).toBeLessThanOrEqual(32);
        },
      ),
    );
  });
});
