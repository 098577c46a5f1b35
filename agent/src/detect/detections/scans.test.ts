import { expect, test } from "vitest";
import { flowOf, macOf, NO_MAC, Stage } from "../test-events.ts";
import { hostSweep } from "./host-sweep.ts";
import { networkScan } from "./network-scan.ts";
import { portScan } from "./port-scan.ts";

test("fifteen refused ports of one host in five minutes are a port scan, fourteen are none", () => {
  const stage = new Stage([portScan]);
  for (let port = 1; port <= 14; port++) stage.attempt(port, "192.168.1.7:40000", `192.168.1.20:${port}`, "refused");
  expect(stage.said).toEqual([]);
  stage.attempt(15, "192.168.1.7:40000", "192.168.1.20:15", "refused");
  expect(stage.said).toEqual(["port_scan medium lateral"]);
  expect(stage.incidents[0]?.title).toBe("Desk plug tries the doors of 192.168.1.20");
  expect(stage.incidents[0]?.why[0]).toContain("15 different TCP ports");
  expect(stage.alerts[0]).toMatchObject({ gid: 7700, signatureId: 7700010, severity: 2 });
});

test("a scan of a silent host is seen when its tries get no answer for a second", () => {
  const stage = new Stage([portScan]);
  for (let port = 1; port <= 200; port++)
    stage.attempt(port / 100, "192.168.1.7:40000", `192.168.1.20:${port}`, "silent");
  stage.wait(4);
  expect(stage.said).toEqual(["port_scan high lateral"]);
});

test("a slow scan of one port a minute is seen within the hour", () => {
  const stage = new Stage([portScan]);
  for (let i = 0; i < 30; i++) stage.attempt(i * 60, "192.168.1.7:40000", `192.168.1.20:${100 + i}`, "refused");
  expect(stage.incidents[0]?.evidence.fields).toMatchObject({ style: "vertical-slow", threshold: 25 });
});

test("Xmas packets are told as a stealth scan; scans from the internet are weather while nothing answers", () => {
  const stage = new Stage([portScan]);
  for (let port = 1; port <= 40; port++)
    stage.attempt(port / 10, "203.0.113.9:5555", `192.168.1.7:${port}`, "silent", 0x29);
  stage.wait(4);
  expect(stage.said).toEqual(["port_scan low inbound"]);
  expect(stage.incidents[0]?.evidence.fields.style).toBe("stealth");
});

test("answered connections, however many, are no scan: downloads, passive FTP, peer-to-peer", () => {
  const stage = new Stage([portScan, networkScan, hostSweep]);
  for (let i = 0; i < 300; i++) {
    stage.attempt(i / 10, "192.168.1.7:40000", `192.168.1.20:${30000 + i}`, "established");
    stage.attempt(i / 10, "192.168.1.7:40000", `203.0.113.${i % 250}:443`, "established");
  }
  stage.wait(60);
  expect(stage.said).toEqual([]);
});

test("many dead peers on a high port are a peer-to-peer program, many dead hosts on Telnet are a bot", () => {
  const stage = new Stage([networkScan]);
  for (let i = 1; i <= 100; i++) stage.attempt(i / 10, "192.168.1.7:40000", `203.0.113.${i}:51413`, "silent");
  stage.wait(5);
  expect(stage.said).toEqual([]);
  for (let i = 1; i <= 12; i++) stage.attempt(20 + i / 10, "192.168.1.7:40000", `203.0.113.${i}:23`, "silent");
  stage.wait(5);
  expect(stage.said).toEqual(["network_scan high outbound"]);
});

test("an internet outage is no scan: the silent hosts were looked up by name", () => {
  const stage = new Stage([networkScan]);
  for (let i = 1; i <= 60; i++) {
    const flow = flowOf("192.168.1.7:5000", "192.168.1.1:53", { proto: "UDP" });
    const answers = [{ name: `h${i}.example`, type: "A", ttl: 60, data: `203.0.113.${i}`, length: 4 }];
    const counts = { questionCount: 1, answerCount: 1, authorityCount: 0, additionalCount: 0, length: 60, ednsSize: 0 };
    const bits = { opcode: 0, rcode: 0, aa: false, tc: false, rd: true, ra: true };
    stage.send(
      "dns",
      i / 10,
      flow,
      { isResponse: true, id: i, ...bits, name: `h${i}.example`, type: "A", nameLength: 12, answers, ...counts },
      false,
    );
    stage.attempt(i / 10, "192.168.1.7:40000", `203.0.113.${i}:443`, "silent");
  }
  stage.wait(5);
  expect(stage.said).toEqual([]);
});

test("ten SMB contacts inside the home in a minute are a worm, answered or not", () => {
  const stage = new Stage([networkScan]);
  for (let i = 10; i < 20; i++) stage.attempt(i, "192.168.1.7:40000", `192.168.1.${i}:445`, "established");
  expect(stage.said).toEqual(["network_scan high lateral"]);
});

test("asking for half a hundred absent addresses by ARP is a sweep, told when it is over", () => {
  const stage = new Stage([hostSweep]);
  for (let i = 100; i < 150; i++) stage.arp((i - 100) / 10, 1, [macOf(7), "192.168.1.7"], [NO_MAC, `192.168.1.${i}`]);
  expect(stage.said).toEqual([]);
  stage.wait(6);
  expect(stage.said).toEqual(["host_sweep medium lateral"]);
  expect(stage.incidents[0]?.victim).toEqual({ subnet: "192.168.1.0/24" });
});

test("a hub that asks for a hundred living devices, and the router that looks for all, are no sweep", () => {
  const stage = new Stage([hostSweep]);
  for (let i = 100; i < 200; i++) {
    stage.arp((i - 100) / 10, 1, [macOf(7), "192.168.1.7"], [NO_MAC, `192.168.1.${i}`]);
    stage.arp((i - 100) / 10 + 0.01, 2, [macOf(i), `192.168.1.${i}`], [macOf(7), "192.168.1.7"]);
    stage.arp((i - 100) / 10 + 0.02, 1, [macOf(1), "192.168.1.1"], [NO_MAC, `192.168.1.${i - 90}`]);
  }
  stage.wait(10);
  stage.finish();
  expect(stage.said).toEqual([]);
});

test("a sweep that tries one port on those it finds is one network scan", () => {
  const stage = new Stage([hostSweep, networkScan]);
  for (let i = 100; i < 160; i++) {
    stage.arp((i - 100) / 50, 1, [macOf(7), "192.168.1.7"], [NO_MAC, `192.168.1.${i}`]);
    if (i % 20 !== 0) continue;
    const flow = flowOf("192.168.1.7:40000", `192.168.1.${i}:445`, { clientMac: macOf(7) });
    stage.flow((i - 100) / 50, flow, { phase: "start" });
    stage.flow((i - 100) / 50, flow, { phase: "refused", packetsToClient: 1 });
  }
  stage.wait(10);
  expect(stage.incidents.map(({ kind }) => kind)).toEqual(["network_scan"]);
});

test("a device that scans the internet does not make a home scan of its next contact at home", () => {
  const stage = new Stage([networkScan]);
  for (let i = 1; i <= 60; i++) stage.attempt(i / 10, "192.168.1.7:40000", `203.0.113.${i}:23`, "refused");
  stage.attempt(8, "192.168.1.7:40000", "192.168.1.20:23", "established");
  stage.wait(10);
  expect(stage.said).toEqual(["network_scan high outbound"]);
});
