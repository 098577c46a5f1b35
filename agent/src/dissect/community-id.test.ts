import { describe, expect, it } from "vitest";
import { communityId } from "./community-id.ts";
import type { FlowRef } from "./event.ts";

const flow = (proto: string, clientIp: string, serverIp: string, clientPort = 0, serverPort = 0): FlowRef => ({
  id: 1,
  proto,
  clientIp,
  serverIp,
  clientPort,
  serverPort,
  vlan: [],
  startUs: 0,
});

// Values of the specification's baseline (pycommunityid, seed 0).
describe("communityId", () => {
  it("names TCP and UDP flows, the same in both directions", () => {
    expect(communityId(flow("TCP", "128.232.110.120", "66.35.250.204", 34855, 80))).toBe(
      "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    );
    expect(communityId(flow("TCP", "66.35.250.204", "128.232.110.120", 80, 34855))).toBe(
      "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    );
    expect(communityId(flow("UDP", "192.168.1.52", "8.8.8.8", 54585, 53))).toBe("1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
  });

  it("names ICMP by type and answer", () => {
    expect(communityId(flow("ICMP", "192.168.0.89", "192.168.0.1"), { type: 8, code: 0 })).toBe(
      "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
    );
    expect(communityId(flow("ICMP", "192.168.0.89", "192.168.0.1"))).toBeUndefined();
  });

  it("has no name for what has no addresses", () => {
    expect(communityId(flow("ARP", "", ""))).toBeUndefined();
  });
});
