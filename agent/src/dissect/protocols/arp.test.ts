import { describe, expect, it } from "vitest";
import { announcement, probe, reply, request } from "../../../test/props/samples/arp.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { arp } from "./arp.ts";

const read = (octets: Uint8Array) => drive(arp, [{ toServer: true, octets }]);

describe("arp", () => {
  it("reads a request and its reply", () => {
    expect(read(request).events).toEqual([
      {
        operation: 1,
        senderMac: "3c:06:30:aa:bb:cc",
        senderIp: "192.168.1.20",
        targetMac: "00:00:00:00:00:00",
        targetIp: "192.168.1.1",
        isGratuitous: false,
        isProbe: false,
      },
    ]);
    expect(read(reply).events[0]).toMatchObject({
      operation: 2,
      senderMac: "00:11:32:fd:32:c3",
      senderIp: "192.168.1.1",
    });
  });

  it("tells announcements and probes from plain requests", () => {
    expect(read(announcement).events[0]).toMatchObject({ isGratuitous: true, isProbe: false });
    expect(read(probe).events[0]).toMatchObject({ isGratuitous: false, isProbe: true, targetIp: "192.168.1.20" });
  });

  it("refuses what is not IPv4 over Ethernet", () => {
    const wrongLengths = Uint8Array.from(request);
    wrongLengths[4] = 8;
    for (const octets of [request.subarray(0, 27), wrongLengths, new Uint8Array(28)]) {
      const told = read(octets);
      expect(told.isBad).toBe(true);
      expect(told.events).toEqual([]);
      expect(told.anomalies).toEqual(["malformed"]);
    }
  });
});
