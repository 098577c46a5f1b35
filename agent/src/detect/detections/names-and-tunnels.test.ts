import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { DnsEvent } from "../../dissect/protocols/dns.ts";
import type { IcmpEvent } from "../../dissect/protocols/icmp.ts";
import { baseDomain } from "../../intel/public-suffix.ts";
import { looksRandom } from "../random-label.ts";
import { flowOf, macOf, Stage } from "../test-events.ts";
import { cryptoP2p } from "./crypto-p2p.ts";
import { dga } from "./dga.ts";
import { dnsFlood } from "./dns-flood.ts";
import { dnsTunnel } from "./dns-tunnel.ts";
import { icmpTunnel } from "./icmp-tunnel.ts";
import { ipSpoofing } from "./ip-spoofing.ts";

const hash = (n: number, length: number): string =>
  createHash("sha256").update(String(n)).digest("hex").slice(0, length);

function ask(
  stage: Stage,
  atSeconds: number,
  client: string,
  server: string,
  name: string,
  more: Partial<DnsEvent> = {},
): void {
  const data: DnsEvent = {
    isResponse: false,
    id: 1,
    opcode: 0,
    rcode: 0,
    aa: false,
    tc: false,
    rd: true,
    ra: true,
    name,
    type: "A",
    nameLength: name.length + 2,
    answers: [],
    questionCount: 1,
    answerCount: 0,
    authorityCount: 0,
    additionalCount: 0,
    length: name.length + 18,
    ednsSize: 0,
    ...more,
  };
  stage.send("dns", atSeconds, flowOf(`${client}:5000`, `${server}:53`, { proto: "UDP" }), data, !data.isResponse);
}

test("a new long name for every packet is a tunnel, fast or slow; pages and virus scanners are none", () => {
  const stage = new Stage([dnsTunnel]);
  for (let i = 0; i < 60; i++) {
    ask(stage, i, "192.168.1.7", "192.168.1.1", `${hash(i, 40)}.t.evil.example`, { type: "TXT" });
    ask(stage, i, "192.168.1.8", "192.168.1.1", `cdn${i}.static.shop.example`);
    ask(stage, i, "192.168.1.8", "192.168.1.1", `${hash(i, 40)}.avqs.mcafee.com`);
    ask(stage, i, "192.168.1.8", "192.168.1.1", `${hash(i % 5, 40)}.cloud.example`);
  }
  expect(stage.said).toEqual(["dns_tunnel high outbound"]);
  expect(stage.incidents[0]?.evidence.fields.domain).toBe("evil.example");
  const slow = new Stage([dnsTunnel]);
  for (let i = 0; i < 65; i++) ask(slow, i * 50, "192.168.1.7", "192.168.1.1", `${hash(i, 48)}.log.telemetry.example`);
  expect(slow.said).toEqual(["dns_tunnel high outbound"]);
});

test("names of type NULL are a tunnel at any length, and one that a home host ends is inside", () => {
  const stage = new Stage([dnsTunnel]);
  for (let i = 0; i < 25; i++) ask(stage, i, "192.168.1.7", "192.168.1.20", `p${i}x.pirate.sea`, { type: "NULL" });
  expect(stage.said).toEqual(["dns_tunnel high lateral"]);
});

test("many missing domains with names drawn by lot are malware; typing errors and a broken program are not", () => {
  const stage = new Stage([dga]);
  for (let i = 0; i < 25; i++) {
    ask(stage, i, "192.168.1.7", "192.168.1.1", `${hash(i, 14)}.ru`, { isResponse: true, rcode: 3 });
    ask(stage, i, "192.168.1.8", "192.168.1.1", `printer${i}.office.example`, { isResponse: true, rcode: 3 });
    ask(stage, i, "192.168.1.8", "192.168.1.1", hash(i, 10), { isResponse: true, rcode: 3 });
  }
  expect(stage.said).toEqual(["dga high outbound"]);
});

test("domains by rule of thumb, and labels that look random", () => {
  expect(["a.b.example.org", "x.shop.co.uk", "localhost"].map(baseDomain)).toEqual([
    "example.org",
    "shop.co.uk",
    "localhost",
  ]);
  expect(["bkds3o43ihopg9y3", "xkqzvbnmtr", "pva0mlkg13qz2zb"].map(looksRandom)).toEqual([true, true, true]);
  expect(["googlevideo", "homeassistant", "example", "weather24"].map(looksRandom)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

const echo = (type: number, sequence: number, payloadHash: number, payloadLength: number): IcmpEvent => ({
  type,
  code: 0,
  id: 7,
  sequence,
  payloadLength,
  payloadHash,
  messages: 1,
  payloadOctets: payloadLength,
});

test("ping replies that differ from their requests are a tunnel; honest pings, with time stamps or lost ones, are not", () => {
  const stage = new Stage([icmpTunnel]);
  const tunnel = flowOf("192.168.1.7", "203.0.113.9", { proto: "ICMP" });
  const ping = flowOf("192.168.1.8", "203.0.113.9", { proto: "ICMP" });
  for (let i = 0; i < 20; i++) {
    stage.send("icmp", i, tunnel, echo(8, i, i, 700));
    stage.send("icmp", i + 0.1, tunnel, echo(0, i, i + 1000, 300), false);
    stage.send("icmp", i, ping, echo(8, i, i * 3, 56));
    if (i % 3 !== 0) stage.send("icmp", i + 0.1, ping, echo(0, i, i * 3, 56), false);
  }
  expect(stage.said).toEqual(["icmp_tunnel high outbound"]);
});

test("four peers on a coin's port are a node; one, or a recognised protocol there, is none", () => {
  const stage = new Stage([cryptoP2p]);
  const moved = { phase: "end", payloadToServer: 500, payloadToClient: 900 } as const;
  for (let i = 1; i <= 4; i++) {
    stage.flow(i, flowOf("192.168.1.7:40000", `203.0.113.${i}:8333`), moved);
    stage.flow(i, flowOf("192.168.1.8:40000", `203.0.113.${i}:8333`), { ...moved, appProto: "tls" });
    stage.flow(i, flowOf("192.168.1.9:40000", "203.0.113.1:8333"), moved);
  }
  expect(stage.said).toEqual(["crypto_p2p low outbound"]);
});

test("hundreds of odd questions in seconds are a flood; a resolver that is busy and answered is not", () => {
  const stage = new Stage([dnsFlood]);
  for (let i = 0; i < 250; i++) {
    ask(stage, i / 30, "192.168.1.7", "203.0.113.9", `${hash(i, 10)}.victim.example`, { type: "ANY" });
    ask(stage, i / 30, "192.168.1.8", "203.0.113.8", `host${i}.example`);
    ask(stage, i / 30, "192.168.1.8", "203.0.113.8", `host${i}.example`, { isResponse: true });
  }
  expect(stage.said).toEqual(["dns_flood high outbound"]);
});

test("flows under foreign addresses are forged when the device is known, and not when answers come back", () => {
  const stage = new Stage([ipSpoofing]);
  stage.flow(0, flowOf("192.168.1.7:1000", "203.0.113.9:80", { clientMac: macOf(7) }), { phase: "start" });
  for (let i = 0; i < 25; i++)
    stage.flow(i / 10, flowOf(`198.51.100.9:${i}`, `203.0.113.${i}:53`, { proto: "UDP", clientMac: macOf(7) }), {
      phase: "start",
    });
  for (let i = 0; i < 300; i++) {
    const outside = flowOf(`198.51.100.20:${i}`, `203.0.113.${i % 200}:53`, { proto: "UDP", clientMac: macOf(9) });
    stage.flow(i / 10, outside, { phase: "start" });
    stage.flow(i / 10, outside, { phase: "established" });
  }
  expect(stage.said).toEqual(["ip_spoofing high outbound"]);
  expect(stage.incidents[0]?.attacker).toEqual({ mac: macOf(7), ip: "192.168.1.7" });
});
