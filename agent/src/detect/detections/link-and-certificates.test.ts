import { expect, test } from "vitest";
import type { DhcpEvent } from "../../dissect/protocols/dhcp.ts";
import type { Icmpv6Event, RouterAdvertisement } from "../../dissect/protocols/icmpv6.ts";
import type { TlsEvent } from "../../dissect/tls-event.ts";
import { coversHost } from "../certificate.ts";
import { flowOf, macOf, START_US, Stage } from "../test-events.ts";
import { certificateNameMismatch } from "./certificate-name-mismatch.ts";
import { dhcpStarvation } from "./dhcp-starvation.ts";
import { expiredCertificate } from "./expired-certificate.ts";
import { rogueDhcp } from "./rogue-dhcp.ts";
import { rogueRouterAdvertisement } from "./rogue-router-advertisement.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

function offer(
  stage: Stage,
  atSeconds: number,
  server: string,
  more: Partial<DhcpEvent> = {},
  vlan: number[] = [],
): void {
  const flow = flowOf(`${server}:67`, "255.255.255.255:68", { proto: "UDP", vlan });
  stage.send("dhcp", atSeconds, flow, {
    isReply: true,
    messageType: 2,
    transactionId: 1,
    clientMac: macOf(50),
    seconds: 0,
    serverId: server,
    routers: [server],
    dnsServers: [server],
    options: [53, 54],
    ...more,
  });
}

test("a second server with another way out is rogue, whoever answers first", () => {
  const stage = new Stage([rogueDhcp]);
  offer(stage, 0, "192.168.1.66", { dnsServers: ["198.51.100.53"] });
  offer(stage, 0.01, "192.168.1.1");
  expect(stage.said).toEqual(["rogue_dhcp high lateral"]);
  expect(stage.incidents[0]).toMatchObject({ attacker: { ip: "192.168.1.66" }, victim: { mac: macOf(50) } });
});

test("servers of different VLANs, behind different relays, and a pair with one set of settings are not", () => {
  const stage = new Stage([rogueDhcp]);
  offer(stage, 0, "192.168.1.1", {}, [10]);
  offer(stage, 0, "192.168.2.1", {}, [20]);
  offer(stage, 1, "192.168.3.1", { giaddr: "192.168.3.254" });
  offer(stage, 1, "192.168.4.1", { giaddr: "192.168.4.254" });
  offer(stage, 2, "192.168.5.2", { routers: ["192.168.5.1"], dnsServers: ["192.168.5.1"] }, [50]);
  offer(stage, 2, "192.168.5.3", { routers: ["192.168.5.1"], dnsServers: ["192.168.5.1"] }, [50]);
  expect(stage.said).toEqual(["rogue_dhcp info lateral"]);
});

test("sixty made-up clients in six seconds use addresses up; a home that boots in minutes does not", () => {
  const discover = (stage: Stage, atSeconds: number, n: number): void =>
    offer(stage, atSeconds, "0.0.0.0", { isReply: false, messageType: 1, clientMac: `02:aa:00:00:00:${n}` });
  const attack = new Stage([dhcpStarvation]);
  for (let i = 0; i < 60; i++) discover(attack, i / 10, i);
  expect(attack.said).toEqual(["dhcp_starvation high lateral"]);
  const morning = new Stage([dhcpStarvation]);
  for (let i = 0; i < 150; i++) discover(morning, i, i);
  expect(morning.said).toEqual([]);
});

function advertise(stage: Stage, atSeconds: number, router: string, more: Partial<RouterAdvertisement> = {}): void {
  const flow = flowOf("", "", { proto: "IPv6-ICMP", clientIp: router, serverIp: "ff02::1" } as never);
  const said: RouterAdvertisement = {
    lifetimeSeconds: 1800,
    preference: "medium",
    isManaged: false,
    hasOtherSettings: false,
    prefixes: [{ prefix: "2001:db8:1::/64", isOnLink: true, isAutonomous: true, validSeconds: 1, preferredSeconds: 1 }],
    nameServers: [],
    searchDomains: [],
    ...more,
  };
  const data: Icmpv6Event = {
    type: 134,
    code: 0,
    id: 0,
    sequence: 0,
    payloadLength: 48,
    payloadHash: 0,
    messages: 1,
    payloadOctets: 48,
    router: said,
  };
  stage.send("icmpv6", atSeconds, flow, data);
}

const BAD_PREFIX = [
  { prefix: "2001:db8:bad::/64", isOnLink: true, isAutonomous: true, validSeconds: 1, preferredSeconds: 1 },
];

test("a second router with high preference is rogue once both are seen at work", () => {
  const stage = new Stage([rogueRouterAdvertisement]);
  for (let i = 0; i < 3; i++) {
    advertise(stage, i * 20, "fe80::1");
    advertise(stage, i * 20 + 1, "fe80::66", { preference: "high", prefixes: BAD_PREFIX });
  }
  expect(stage.said).toEqual(["rogue_router_advertisement high lateral"]);
  expect(stage.incidents[0]?.attacker).toMatchObject({ ip: "fe80::66" });
});

test("a replaced router, a Thread border router and a second one with the same prefix are not rogue", () => {
  const stage = new Stage([rogueRouterAdvertisement]);
  for (let i = 0; i < 3; i++) advertise(stage, i * 20, "fe80::1");
  for (let i = 3; i < 9; i++) {
    advertise(stage, i * 20, "fe80::2", { prefixes: BAD_PREFIX });
    advertise(stage, i * 20, "fe80::3", { prefixes: BAD_PREFIX });
    advertise(stage, i * 20, "fe80::4", { lifetimeSeconds: 0, prefixes: [] });
  }
  expect(stage.said).toEqual([]);
});

const YEAR_US = 31_536_000_000_000;

function handshake(stage: Stage, server: string, sni: string, leaf: Partial<TlsEvent["certificates"][number]>): void {
  stage.send(
    "tls",
    0,
    flowOf("192.168.1.7:40000", server),
    {
      phase: "server",
      sni,
      version: 0x0303,
      clientAlpns: [],
      serverAlpn: "",
      cipher: 49200,
      offeredCiphers: [],
      offeredGroups: [],
      isResumed: false,
      certificates: [
        {
          subject: "CN=shop.example.org",
          issuer: "CN=Some CA",
          serial: "01",
          fingerprint: "aa",
          notBeforeUs: START_US - YEAR_US,
          notAfterUs: START_US + YEAR_US,
          commonName: "shop.example.org",
          names: ["shop.example.org", "*.shop.example.org"],
          isSelfSigned: false,
          ...leaf,
        },
      ],
    },
    false,
  );
}

const CERTIFICATES = [selfSignedCertificate, expiredCertificate, certificateNameMismatch];

test("good certificates, and a device's own with a wrong clock, say nothing", () => {
  const stage = new Stage(CERTIFICATES);
  handshake(stage, "203.0.113.9:443", "shop.example.org", {});
  handshake(stage, "203.0.113.9:443", "www.SHOP.example.org", {});
  handshake(stage, "203.0.113.9:443", "", {});
  handshake(stage, "192.168.1.20:443", "", { isSelfSigned: true, notBeforeUs: START_US + YEAR_US });
  expect(stage.said).toEqual(["self_signed_certificate info lateral"]);
});

test("self-signed, run out, not yet valid and for another name are each told once", () => {
  const stage = new Stage(CERTIFICATES);
  for (let i = 0; i < 3; i++) {
    handshake(stage, "203.0.113.1:443", "nas.example.org", { isSelfSigned: true });
    handshake(stage, "203.0.113.2:443", "shop.example.org", { notAfterUs: START_US - YEAR_US / 365 - 86_400_000_000 });
    handshake(stage, "203.0.113.3:443", "shop.example.org", { notBeforeUs: START_US + 2 * 86_400_000_000 });
    handshake(stage, "203.0.113.4:443", "bank.example.com", {});
  }
  expect(stage.said.sort()).toEqual([
    "certificate_name_mismatch low outbound",
    "certificate_not_yet_valid low outbound",
    "expired_certificate low outbound",
    "self_signed_certificate low outbound",
  ]);
  expect(stage.alerts).toHaveLength(4);
});

test("wildcards stand for one label", () => {
  expect(coversHost("*.example.org", "a.example.org")).toBe(true);
  expect(coversHost("*.example.org", "example.org")).toBe(false);
  expect(coversHost("*.example.org", "a.b.example.org")).toBe(false);
  expect(coversHost("Example.org", "example.ORG.")).toBe(true);
});
