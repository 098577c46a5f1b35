import { solicitedNode, ZERO_MAC } from "../../frames/address.ts";
import {
  ndFrame,
  neighborAdvertisement,
  neighborSolicitation,
  routerAdvertisement,
  routerSolicitation,
} from "../../frames/frame.ts";
import { dhcpMessage } from "../../frames/payloads/dhcp.ts";
import { mdnsAnnouncement, mdnsQuery } from "../../frames/payloads/dns.ts";
import { SSDP_GROUP, SSDP_PORT, ssdpAnswer, ssdpNotify, ssdpSearch } from "../../frames/payloads/ssdp.ts";
import { hashText } from "../../frames/random.ts";
import { sendUdp } from "../../frames/talk.ts";
import { ULA_PREFIX } from "../device.ts";
import type { World } from "../world.ts";

const MDNS_GROUP = "224.0.0.251";
const MDNS_GROUP6 = "ff02::fb";
const ROUTER = "router";

/** DHCP as after a restart of the router: everybody asks again; `isNew` has no address yet and begins with a discover (RFC 2131 §3.1). */
function dhcpJoin(world: World, key: string, atUs: number, isNew: boolean): void {
  const { builder, random } = world;
  const spec = world.spec(key);
  const router = world.host(ROUTER);
  const xid = random.int(1, 0xffff_fffe);
  const nobody = { mac: spec.mac, ip: "0.0.0.0" };
  const fromClient = (sendUs: number, message: "discover" | "request"): void =>
    sendUdp(builder, {
      from: nobody,
      to: { ip: "255.255.255.255" },
      srcPort: 68,
      dstPort: 67,
      atUs: sendUs,
      data: dhcpMessage({
        message,
        xid,
        mac: spec.mac,
        hostname: spec.hostname,
        parameters: spec.parameters,
        ...(spec.vendorClass ? { vendorClass: spec.vendorClass } : {}),
        ...(message === "request" ? { requestedIp: spec.ip } : {}),
        ...(message === "request" && isNew ? { serverIp: router.ip } : {}),
      }),
    });
  const fromServer = (sendUs: number, message: "offer" | "ack"): void =>
    sendUdp(builder, {
      from: router,
      to: { ip: spec.ip, mac: spec.mac },
      srcPort: 67,
      dstPort: 68,
      atUs: sendUs,
      data: dhcpMessage({
        message,
        xid,
        mac: spec.mac,
        yourIp: spec.ip,
        serverIp: router.ip,
        router: router.ip,
        dns: [router.ip],
        domain: "fritz.box",
      }),
    });
  let nowUs = atUs;
  if (isNew) {
    fromClient(nowUs, "discover");
    fromServer(nowUs + 9000, "offer");
    nowUs += 24_000;
  }
  fromClient(nowUs, "request");
  fromServer(nowUs + 7000, "ack");
}

/** A device asks who has the gateway's address, and is told (RFC 826). */
function arpForRouter(world: World, key: string, atUs: number): void {
  const { mac, ip } = world.host(key);
  const router = world.host(ROUTER);
  world.builder.addArp(atUs, { op: "request", senderMac: mac, senderIp: ip, targetMac: ZERO_MAC, targetIp: router.ip });
  world.builder.addArp(atUs + 700, {
    op: "reply",
    senderMac: router.mac,
    senderIp: router.ip,
    targetMac: mac,
    targetIp: ip,
  });
}

/** IPv6 start: duplicate address detection, router solicitation and advertisement (RFC 4862 §5.4, RFC 4861 §6). */
function ipv6Join(world: World, key: string, atUs: number): void {
  const { builder } = world;
  const { mac, ipv6 } = world.device(key);
  ipv6.forEach((address, i) => {
    const group = solicitedNode(address);
    builder.add(
      atUs + i * 40_000,
      ndFrame({ srcMac: mac, src: "::", dst: group }, neighborSolicitation("::", group, address)),
    );
  });
  const [own] = ipv6;
  builder.add(atUs + 1_100_000, ndFrame({ srcMac: mac, src: own, dst: "ff02::2" }, routerSolicitation(own, mac)));
  advertiseRouter(world, atUs + 1_104_000);
}

function advertiseRouter(world: World, atUs: number): void {
  const router = world.device(ROUTER);
  const src = router.ipv6[0];
  const message = routerAdvertisement({
    src,
    mac: router.mac,
    prefixes: [{ prefix: ULA_PREFIX.replace(/:0::$/, "::") }],
    dns: [router.ipv6[1]],
  });
  world.builder.add(atUs, ndFrame({ srcMac: router.mac, src, dst: "ff02::1" }, message));
}

/** A device checks that the router's IPv6 address still lives (RFC 4861 §7.3). */
function probeRouter6(world: World, key: string, atUs: number): void {
  const device = world.device(key);
  const router = world.device(ROUTER);
  const [own] = device.ipv6;
  const [target] = router.ipv6;
  const ask = neighborSolicitation(own, target, target, device.mac);
  world.builder.add(atUs, ndFrame({ srcMac: device.mac, dstMac: router.mac, src: own, dst: target }, ask));
  const answer = neighborAdvertisement(target, own, target, router.mac, { router: true });
  world.builder.add(atUs + 600, ndFrame({ srcMac: router.mac, dstMac: device.mac, src: target, dst: own }, answer));
}

function announceMdns(world: World, key: string, atUs: number): void {
  const spec = world.spec(key);
  if (!spec.services?.length) return;
  const { mac, ip, ipv6 } = world.device(key);
  const host = spec.hostname;
  const data = mdnsAnnouncement({
    host,
    ipv4: ip,
    ...(spec.hasIpv6 ? { ipv6: ipv6[0] } : {}),
    services: spec.services,
  });
  sendUdp(world.builder, {
    from: { mac, ip, ttl: 255 },
    to: { ip: MDNS_GROUP },
    srcPort: 5353,
    dstPort: 5353,
    data,
    atUs,
  });
  if (spec.hasIpv6) {
    sendUdp(world.builder, {
      from: { mac, ip: ipv6[0], ttl: 255 },
      to: { ip: MDNS_GROUP6 },
      srcPort: 5353,
      dstPort: 5353,
      data,
      atUs: atUs + 300,
    });
  }
}

const uuidOf = (mac: string): string => `2f402f80-da50-11e1-9b23-${mac.replaceAll(":", "")}`;

function announceSsdp(world: World, key: string, atUs: number): void {
  const { ssdp } = world.spec(key);
  if (!ssdp) return;
  const from = { ...world.host(key), ttl: 4 };
  const uuid = uuidOf(from.mac);
  for (const [i, type] of ["upnp:rootdevice", ssdp.type].entries()) {
    const data = ssdpNotify({ ...ssdp, type, uuid });
    sendUdp(world.builder, {
      from,
      to: { ip: SSDP_GROUP },
      srcPort: 1900,
      dstPort: SSDP_PORT,
      data,
      atUs: atUs + i * 50_000,
    });
  }
}

/** A search in the group; each device that fits answers to the asker after a while of its own. */
function searchSsdp(world: World, key: string, target: string, atUs: number): void {
  const { builder, random } = world;
  const asker = world.host(key);
  const port = world.port(key);
  sendUdp(builder, {
    from: { ...asker, ttl: 4 },
    to: { ip: SSDP_GROUP },
    srcPort: port,
    dstPort: SSDP_PORT,
    data: ssdpSearch(target),
    atUs,
  });
  for (const spec of world.specs) {
    if (!spec.ssdp || spec.key === key || (target !== "ssdp:all" && target !== spec.ssdp.type)) continue;
    const data = ssdpAnswer({ ...spec.ssdp, uuid: uuidOf(spec.mac) });
    const answerUs = atUs + random.int(50_000, 1_800_000);
    sendUdp(builder, { from: world.host(spec.key), to: asker, srcPort: 1900, dstPort: port, data, atUs: answerUs });
  }
}

const BROWSERS: readonly (readonly [key: string, types: readonly string[]])[] = [
  ["iphone", ["_airplay._tcp", "_raop._tcp", "_companion-link._tcp"]],
  ["macbook", ["_smb._tcp", "_ipp._tcp", "_airplay._tcp"]],
  ["ipad", ["_airplay._tcp", "_hap._tcp"]],
  ["home-assistant", ["_hap._tcp", "_hue._tcp", "_shelly._tcp", "_sonos._tcp", "_miio._udp"]],
];

/** What shows that devices are there: DHCP, ARP, neighbour discovery, mDNS and SSDP. */
export function presence(world: World): void {
  const { random, endUs, startUs } = world;
  for (const spec of world.specs) {
    const { key } = spec;
    const order = hashText(key, 5) % 100;
    const joinUs = world.joinUs(key) + 2_000_000 + order * 1_400_000;
    if (key !== ROUTER) {
      const isNew = (spec.joinsAtHour ?? 0) > 0 || spec.isRandomMac === true || order % 3 === 0;
      dhcpJoin(world, key, joinUs, isNew);
      world.repeat(joinUs + 200_000, endUs, 1100, (atUs) => arpForRouter(world, key, atUs));
    }
    if (spec.hasIpv6 && key !== ROUTER) {
      ipv6Join(world, key, joinUs + 500_000);
      world.repeat(joinUs + 4_000_000, endUs, 900, (atUs) => probeRouter6(world, key, atUs));
    }
    world.repeat(joinUs + 900_000, endUs, 1500, (atUs) => announceMdns(world, key, atUs));
    world.repeat(joinUs + 1_500_000, endUs, 1700, (atUs) => announceSsdp(world, key, atUs));
  }
  world.repeat(startUs + 500_000, endUs, 540, (atUs) => advertiseRouter(world, atUs));
  for (const [key, types] of BROWSERS) {
    const { mac, ip } = world.host(key);
    world.repeat(startUs + random.int(150, 400) * 1e6, endUs, 800, (atUs) =>
      sendUdp(world.builder, {
        from: { mac, ip, ttl: 255 },
        to: { ip: MDNS_GROUP },
        srcPort: 5353,
        dstPort: 5353,
        data: mdnsQuery(types),
        atUs,
      }),
    );
  }
  world.repeat(world.hour(0.07), endUs, 2400, (atUs) => searchSsdp(world, "home-assistant", "ssdp:all", atUs));
  world.repeat(world.hour(0.11), endUs, 3000, (atUs) =>
    searchSsdp(world, "pc", "urn:schemas-upnp-org:device:InternetGatewayDevice:1", atUs),
  );
}
