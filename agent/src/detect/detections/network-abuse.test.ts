import { expect, test } from "vitest";
import type { DnsEvent } from "../../dissect/protocols/dns.ts";
import { flowOf, macOf, NO_MAC, Stage } from "../test-events.ts";
import { arpSpoofing } from "./arp-spoofing.ts";
import { dnsAmplification } from "./dns-amplification.ts";
import { ntpAmplification } from "./ntp-amplification.ts";
import { ssdpAmplification } from "./ssdp-amplification.ts";

const dns = (isResponse: boolean, length: number, type = "ANY"): DnsEvent => ({
  isResponse,
  id: 1,
  opcode: 0,
  rcode: 0,
  aa: false,
  tc: false,
  rd: true,
  ra: true,
  name: "example.org",
  type,
  nameLength: 13,
  answers: [],
  questionCount: 1,
  answerCount: isResponse ? 20 : 0,
  authorityCount: 0,
  additionalCount: 1,
  length,
  ednsSize: 4096,
});

test("a home resolver that sends strangers large answers is a reflector", () => {
  const stage = new Stage([dnsAmplification]);
  for (let i = 0; i < 25; i++) {
    const flow = flowOf(`203.0.113.9:${1000 + i}`, "192.168.1.7:53", { proto: "UDP" });
    stage.send("dns", i / 10, flow, dns(false, 40));
    stage.send("dns", i / 10 + 0.01, flow, dns(true, 1600), false);
  }
  const [incident] = stage.incidents;
  expect(incident).toMatchObject({
    kind: "dns_amplification",
    role: "reflector",
    victim: { ip: "203.0.113.9" },
    device: "ip:192.168.1.7",
  });
  expect(incident?.evidence.fields.amplification).toBe(40);
});

test("large answers that nobody asked for make a victim; a busy resolver that asked does not", () => {
  const stage = new Stage([dnsAmplification]);
  for (let i = 0; i < 60; i++) {
    const asked = flowOf(`192.168.1.8:${2000 + i}`, `198.51.100.${i}:53`, { proto: "UDP" });
    stage.send("dns", i / 20, asked, dns(false, 40));
    stage.send("dns", i / 20 + 0.02, asked, dns(true, 1400), false);
    stage.send(
      "dns",
      i / 20,
      flowOf("192.168.1.7:5353", `203.0.113.${i}:53`, { proto: "UDP" }),
      dns(true, 3000),
      false,
    );
  }
  expect(stage.incidents.map(({ role, device }) => `${role} ${device}`)).toEqual(["victim ip:192.168.1.7"]);
});

test("questions under a foreign address come from a device that forges", () => {
  const stage = new Stage([dnsAmplification]);
  for (let i = 0; i < 60; i++) {
    const flow = flowOf(`203.0.113.77:${2000 + i}`, `198.51.100.${i}:53`, { proto: "UDP", clientMac: macOf(9) });
    stage.send("dns", i / 50, flow, dns(false, 60));
  }
  expect(stage.incidents[0]).toMatchObject({
    role: "source",
    severity: "critical",
    attacker: { mac: macOf(9) },
    device: macOf(9),
  });
});

test("monlist and SSDP answers to the internet are reflection; time and searches inside the home are not", () => {
  const stage = new Stage([ntpAmplification, ssdpAmplification]);
  for (let i = 0; i < 30; i++) {
    const time = flowOf("203.0.113.9:123", "192.168.1.7:123", { proto: "UDP" });
    stage.send("ntp", i / 10, time, { version: 2, mode: 7, stratum: 0, requestCode: 42, length: 8 });
    stage.send("ntp", i / 10, time, { version: 2, mode: 7, stratum: 0, requestCode: 42, length: 440 }, false);
    stage.send(
      "ntp",
      i / 10,
      flowOf("192.168.1.8:123", "203.0.113.10:123", { proto: "UDP" }),
      { version: 4, mode: 4, stratum: 2, requestCode: 0, length: 48 },
      false,
    );
    const answer = { kind: "response", target: "upnp:rootdevice", vendorFields: {}, length: 320 } as const;
    stage.send("ssdp", i / 10, flowOf("192.168.1.8:5000", "192.168.1.9:1900", { proto: "UDP" }), answer, false);
  }
  expect(stage.incidents.map(({ kind, role }) => `${kind} ${role}`)).toEqual(["ntp_amplification reflector"]);
});

test("a MAC that keeps telling that it is the router is a man in the middle", () => {
  const stage = new Stage([arpSpoofing]);
  stage.arp(0, 1, [macOf(8), "192.168.1.8"], [NO_MAC, "192.168.1.1"]);
  stage.arp(0.01, 2, [macOf(1), "192.168.1.1"], [macOf(8), "192.168.1.8"]);
  for (let i = 0; i < 6; i++) {
    stage.arp(10 + 2 * i, 2, [macOf(66), "192.168.1.1"], [macOf(8), "192.168.1.8"]);
    stage.arp(10.01 + 2 * i, 2, [macOf(66), "192.168.1.8"], [macOf(1), "192.168.1.1"]);
  }
  stage.wait(2);
  expect(stage.said).toEqual(["arp_spoofing critical lateral"]);
  expect(stage.incidents[0]).toMatchObject({
    attacker: { mac: macOf(66) },
    victim: { ip: "192.168.1.1", mac: macOf(1) },
  });
});

test("an address handed over by DHCP, a fail-over pair, VRRP and proxy ARP are no spoofing", () => {
  const stage = new Stage([arpSpoofing]);
  // Hand-over: the old host is heard, the new one announces twice and then answers questions.
  stage.arp(0, 1, [macOf(2), "192.168.1.50"], [NO_MAC, "192.168.1.1"]);
  stage.arp(60, 1, [macOf(3), "192.168.1.50"], [NO_MAC, "192.168.1.50"]);
  stage.arp(62, 1, [macOf(3), "192.168.1.50"], [NO_MAC, "192.168.1.50"]);
  for (let i = 0; i < 20; i++) {
    stage.arp(70 + i, 1, [macOf(8), "192.168.1.8"], [NO_MAC, "192.168.1.50"]);
    stage.arp(70.01 + i, 2, [macOf(3), "192.168.1.50"], [macOf(8), "192.168.1.8"]);
  }
  // Fail-over: five announcements at once from the second router.
  stage.arp(100, 2, [macOf(1), "192.168.1.1"], [macOf(8), "192.168.1.8"]);
  for (let i = 0; i < 5; i++)
    stage.arp(101 + i / 10, 2, [macOf(4), "192.168.1.1"], ["ff:ff:ff:ff:ff:ff", "192.168.1.1"]);
  // VRRP: the virtual MAC tells it again and again.
  for (let i = 0; i < 30; i++)
    stage.arp(110 + i, 2, ["00:00:5e:00:01:0a", "192.168.1.1"], ["ff:ff:ff:ff:ff:ff", "192.168.1.1"]);
  // Proxy ARP: one MAC answers for many, but only when asked.
  for (let i = 100; i < 130; i++) {
    stage.arp(150 + i / 10, 1, [macOf(8), "192.168.1.8"], [NO_MAC, `192.168.1.${i}`]);
    stage.arp(150.01 + i / 10, 2, [macOf(5), `192.168.1.${i}`], [macOf(8), "192.168.1.8"]);
  }
  stage.wait(5);
  expect(stage.said).toEqual([]);
});
