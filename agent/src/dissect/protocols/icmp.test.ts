import { describe, expect, it } from "vitest";
import { echo, echoReply, redirect, unreachable } from "../../../test/props/samples/icmp.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { icmp } from "./icmp.ts";

const read = (octets: Uint8Array) => drive(icmp, [{ toServer: true, octets }]);

describe("icmp", () => {
  it("reads an echo and its reply, which returns the same payload", () => {
    const told = drive(icmp, [
      { toServer: true, octets: echo },
      { toServer: false, octets: echoReply },
    ]);
    expect(told.events).toMatchObject([
      { type: 8, id: 0x1234, sequence: 1, payloadLength: 8, messages: 1, payloadOctets: 8 },
      { type: 0, id: 0x1234, sequence: 1, payloadLength: 8 },
    ]);
    expect(told.events[0]?.payloadHash).toBe(told.events[1]?.payloadHash);
  });

  it("tells what an unreachable is about", () => {
    expect(read(unreachable).events[0]).toMatchObject({
      type: 3,
      code: 3,
      quoted: { proto: 17, srcIp: "192.168.1.20", dstIp: "192.168.1.1", srcPort: 40000, dstPort: 53 },
    });
  });

  it("tells where a redirect points to", () => {
    expect(read(redirect).events[0]).toMatchObject({
      type: 5,
      gateway: "192.168.1.99",
      quoted: { dstIp: "198.51.100.7", dstPort: 443 },
    });
  });

  it("paces a flood but loses no count", () => {
    // 5000 messages a millisecond apart: 256 one by one, then one event a second.
    const told = drive(
      icmp,
      Array.from({ length: 5000 }, () => ({ toServer: true, octets: echo })),
    );
    expect(told.events.length).toBe(256 + 4);
    const counted = told.events.reduce((sum, event) => sum + event.messages, 0);
    expect(counted).toBeGreaterThan(4000);
    expect(told.events.at(-1)).toMatchObject({ messages: 1000, payloadOctets: 8000 });
  });

  it("quotes nothing from a cut error", () => {
    expect(read(unreachable.subarray(0, 20)).events[0]).not.toHaveProperty("quoted");
    expect(read(unreachable.subarray(0, 7))).toMatchObject({ isBad: true, anomalies: ["truncated"] });
  });
});
