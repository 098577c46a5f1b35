import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { DhcpEvent } from "../../dissect/protocols/dhcp.ts";
import { dhcp } from "./dhcp.ts";

const request: DhcpEvent = {
  isReply: false,
  messageType: 3,
  transactionId: 1,
  clientMac: "3c:06:30:2c:43:10",
  seconds: 0,
  options: [],
};
const told = (event: Partial<DhcpEvent>) =>
  Object.fromEntries(observed(dhcp, "dhcp", { ...request, ...event }).map((seen) => [seen.source, seen]));
const list = (text: string): number[] => text.split(",").map(Number);

describe("dhcp", () => {
  it("reads a Windows laptop, whoever relayed the frame", () => {
    const seen = told({
      hostname: "DESKTOP-4F7K2L1",
      vendorClass: "MSFT 5.0",
      parameterList: list("1,3,6,15,31,33,43,44,46,47,119,121,249,252"),
    });
    expect(seen["dhcp.hostname"]).toMatchObject({ mac: "3c:06:30:2c:43:10", hostname: "DESKTOP-4F7K2L1" });
    expect(seen["dhcp.vendor-class"]).toMatchObject({ os: "Windows", type: "computer" });
    expect(seen["dhcp.parameters"]).toMatchObject({ os: "Windows 10/11", type: "computer" });
  });

  it.each([
    ["1,121,3,6,15,119,252", { vendor: "Apple", os: "iOS", type: "phone" }],
    ["1,121,3,6,15,119,252,95,44,46", { vendor: "Apple", os: "macOS", type: "computer" }],
    ["1,3,6,15,119,95,252,44,46,101", { vendor: "Apple", os: "macOS" }],
    ["1,3,6,15,26,28,51,58,59,43,114,108", { os: "Android" }],
    ["1,3,28,6", { os: "lwIP" }],
    ["6,3,1,15,66,67,13,44,12,81,252", { vendor: "HP", type: "printer" }],
    ["1,28,2,3,15,6,119,12,44,47,26,121,42,121,249,252,42", { os: "Linux" }],
    ["1,15,3,6,44,46,47,31,33,121,249,43,252", { os: "Windows 7/8" }],
  ])("knows who asks for %s", (parameters, facts) => {
    expect(told({ parameterList: list(parameters) })["dhcp.parameters"]).toMatchObject(facts);
  });

  it.each([
    ["android-dhcp-13", { os: "Android 13", type: "phone" }],
    ["PS5", { vendor: "Sony PlayStation", model: "PlayStation 5", type: "game-console" }],
    ["Mfg=HP;Typ=Printer;Mod=HP LaserJet M402;Ser=X", { vendor: "HP", model: "HP LaserJet M402", type: "printer" }],
    ["udhcp 1.24.2", { os: "Linux (embedded)" }],
  ])("knows the vendor class %s", (vendorClass, facts) => {
    expect(told({ vendorClass })["dhcp.vendor-class"]).toMatchObject(facts);
  });

  it.each([
    ["ESP_123ABC", { vendor: "Espressif" }],
    ["Annas-iPhone", { vendor: "Apple", type: "phone" }],
    ["Pixel-6", { vendor: "Google", model: "Pixel 6", type: "phone" }],
    ["BRW0080927AFBCE", { vendor: "Brother", type: "printer" }],
    ["bitaxe", { model: "bitaxe", type: "miner" }],
  ])("knows devices by names like %s", (hostname, facts) => {
    expect(told({ hostname })["dhcp.hostname-pattern"]).toMatchObject(facts);
  });

  it("keeps no name that is none", () => {
    expect(told({ hostname: "localhost" })).toEqual({});
  });

  it("binds on the server's word only", () => {
    expect(told({ requestedIp: "192.168.1.9" })).toEqual({});
    const offer = told({ isReply: true, messageType: 2, yiaddr: "192.168.1.9" });
    expect(offer["dhcp.lease"]).toBeUndefined();
    const ack = told({ isReply: true, messageType: 5, yiaddr: "192.168.1.9", routers: ["192.168.1.1"] });
    expect(ack["dhcp.lease"]).toMatchObject({ mac: "3c:06:30:2c:43:10", ip: "192.168.1.9", binds: true });
    expect(ack["dhcp.router"]).toMatchObject({ ip: "192.168.1.1", type: "router" });
  });
});
