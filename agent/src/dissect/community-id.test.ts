import { expect, test } from "vitest";
import { communityId } from "./community-id.ts";

const flow = {
  id: 1,
  proto: "TCP",
  clientIp: "128.232.110.120",
  serverIp: "66.35.250.204",
  clientPort: 34855,
  serverPort: 80,
  vlan: [],
  startUs: 0,
};

test("gives the value of the specification's baseline, in both directions", () => {
  // From the baseline of the specification's repository (tcp.pcap, seed 0).
  expect(communityId(flow)).toBe("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  expect(
    communityId({ ...flow, clientIp: flow.serverIp, serverIp: flow.clientIp, clientPort: 80, serverPort: 34855 }),
  ).toBe(communityId(flow));
});

test("has none for flows without ports", () => {
  expect(communityId({ ...flow, proto: "ICMP" })).toBeUndefined();
});
