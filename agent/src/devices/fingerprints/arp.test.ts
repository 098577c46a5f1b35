import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { ArpEvent } from "../../dissect/protocols/arp.ts";
import { arp } from "./arp.ts";

const request: ArpEvent = {
  operation: 1,
  senderMac: "3c:06:30:aa:bb:cc",
  senderIp: "192.168.1.20",
  targetMac: "00:00:00:00:00:00",
  targetIp: "192.168.1.1",
  isGratuitous: false,
  isProbe: false,
};

describe("arp", () => {
  it("binds the sender's address to its MAC", () => {
    expect(observed(arp, "arp", request)).toMatchObject([
      { mac: "3c:06:30:aa:bb:cc", ip: "192.168.1.20", binds: true, source: "arp.sender" },
    ]);
  });

  it("learns nothing from probes, other senders' frames and strange addresses", () => {
    expect(observed(arp, "arp", { ...request, senderIp: "0.0.0.0", isProbe: true })).toEqual([]);
    expect(observed(arp, "arp", request, { flow: { clientMac: "00:11:22:33:44:55" } })).toEqual([]);
    expect(observed(arp, "arp", { ...request, senderIp: "198.51.100.1" })).toEqual([]);
    expect(observed(arp, "arp", { ...request, senderMac: "ff:ff:ff:ff:ff:ff" })).toEqual([]);
  });
});
