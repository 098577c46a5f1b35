import { join } from "../frames/octets.ts";
import { quicClientHello, quicHandshake, quicShort } from "../frames/payloads/quic.ts";
import {
  applicationData,
  certificateMessage,
  changeCipherSpec,
  clientFinish,
  clientHello,
  finished,
  serverHello,
  serverKeyExchange,
  tlsRecord,
} from "../frames/payloads/tls.ts";
import { sendUdp } from "../frames/talk.ts";
import { type BulkOptions, TcpSession } from "../frames/tcp-session.ts";
import type { World } from "./world.ts";

/** More than this goes as bulk: full frames of which only the beginning is kept. */
const BULK_FROM = 9000;

export interface Visit {
  /** Payload octets sent and received, encrypted. */
  readonly up?: number;
  readonly down?: number;
  readonly port?: number;
  readonly alpn?: readonly string[];
  /** TLS 1.2 with the certificate in the clear, as small devices do. */
  readonly isTls12?: boolean;
  /** Takes IPv6 when the place has it. */
  readonly preferIpv6?: boolean;
  readonly bulk?: BulkOptions;
}

const EVERY_SECOND_RECORD = 2048;

/** Opens a TLS session of device `key` to `name`. Returns it with the time of its last segment. */
export function openTls(
  world: World,
  key: string,
  name: string,
  atUs: number,
  visit: Visit = {},
): { session: TcpSession; atUs: number } {
  const { random } = world;
  const spec = world.spec(key);
  const found = world.resolve(key, name, atUs);
  const ipv6 = visit.preferIpv6 && spec.hasIpv6 ? found.place.ipv6 : undefined;
  const { rttUs } = found.place;
  const session = new TcpSession(world.builder, {
    client: ipv6 ? world.host6(key) : world.host(key),
    server: ipv6 ? world.outside(ipv6, found.place.ttl) : found.host,
    clientPort: world.port(key),
    serverPort: visit.port ?? 443,
    rttUs,
    clientIsn: random.int(1, 0xffff_ffff),
    serverIsn: random.int(1, 0xffff_ffff),
  });
  let nowUs = session.open(found.atUs);
  const hello = clientHello(
    { serverName: name, profile: spec.tls, ...(visit.alpn ? { alpn: visit.alpn } : {}) },
    random,
  );
  nowUs = session.send("client", hello, nowUs + 300);
  if (visit.isTls12) {
    const domain = name.split(".").slice(-2).join(".");
    const leaf = {
      commonName: name,
      dnsNames: [name, `*.${domain}`],
      issuer: { commonName: "Sample Issuing CA 3", organization: "Sample Trust" },
    };
    const flight = join(
      serverHello({ version: 0x0303, cipher: 0xc02f }, random),
      certificateMessage(leaf),
      serverKeyExchange(random),
    );
    nowUs = session.send("server", flight, nowUs + rttUs);
    nowUs = session.send("client", clientFinish(random), nowUs + 9000);
    nowUs = session.send("server", join(changeCipherSpec(), finished(random)), nowUs + rttUs);
  } else {
    const flight = join(
      serverHello({ version: 0x0304 }, random),
      changeCipherSpec(),
      applicationData(random.int(1800, 3600), random),
    );
    nowUs = session.send("server", flight, nowUs + rttUs);
    nowUs = session.send("client", join(changeCipherSpec(), applicationData(53, random)), nowUs + 900);
  }
  return { session, atUs: nowUs };
}

/** A request and its answer in an open TLS session. Returns the time of the last segment. */
export function exchange(
  world: World,
  session: TcpSession,
  atUs: number,
  up: number,
  down: number,
  rttUs: number,
  bulk?: BulkOptions,
): number {
  const { random } = world;
  const move = (from: "client" | "server", bytes: number, startUs: number): number => {
    if (bytes <= 0) return startUs;
    if (bytes <= BULK_FROM) return session.send(from, applicationData(bytes, random), startUs);
    return session.bulk(from, bytes, startUs, {
      head: tlsRecord(23, new Uint8Array(EVERY_SECOND_RECORD)).subarray(0, 5),
      ...bulk,
    });
  };
  const sentUs = move("client", up, atUs);
  const gotUs = move("server", down, sentUs + rttUs);
  if (down <= BULK_FROM) return session.ack("client", gotUs + Math.min(40_000, rttUs));
  return gotUs;
}

/** A whole visit over TLS: open, one exchange, close. Returns its end. */
export function tlsVisit(world: World, key: string, name: string, atUs: number, visit: Visit = {}): number {
  const { rttUs } = world.place(name);
  const opened = openTls(world, key, name, atUs, visit);
  const doneUs = exchange(
    world,
    opened.session,
    opened.atUs + 500,
    visit.up ?? 600,
    visit.down ?? 2400,
    rttUs,
    visit.bulk,
  );
  return opened.session.fin("client", doneUs + 200_000);
}

export interface Standing extends Visit {
  readonly fromUs: number;
  readonly toUs: number;
  /** Mean pause between exchanges. */
  readonly everySeconds: number;
}

/** A session that stands for hours with a few octets now and then: push services, device clouds, idle WebSockets. */
export function standingTls(world: World, key: string, name: string, spec: Standing): void {
  const { rttUs } = world.place(name);
  const opened = openTls(world, key, name, spec.fromUs, spec);
  const { random } = world;
  const up = spec.up ?? 40;
  const down = spec.down ?? 40;
  world.repeat(
    opened.atUs + 2_000_000,
    spec.toUs,
    spec.everySeconds,
    (atUs) => {
      exchange(world, opened.session, atUs, random.jitter(up, 0.1), random.jitter(down, 0.1), rttUs);
    },
    0.3,
  );
}

/** A visit over QUIC (RFC 9000): ClientHello in an Initial, then packets with a short header. Returns its end. */
export function quicVisit(
  world: World,
  key: string,
  name: string,
  atUs: number,
  down: number,
  spacingUs = 1200,
): number {
  const { builder, random } = world;
  const found = world.resolve(key, name, atUs);
  const device = world.host(key);
  const { rttUs } = found.place;
  const ports = { here: world.port(key), there: 443 };
  const toServer = (data: Uint8Array, sendUs: number): void =>
    sendUdp(builder, { from: device, to: found.host, srcPort: ports.here, dstPort: ports.there, data, atUs: sendUs });
  const toClient = (data: Uint8Array, sendUs: number, wireLength?: number): void =>
    sendUdp(builder, {
      from: found.host,
      to: device,
      srcPort: ports.there,
      dstPort: ports.here,
      data,
      atUs: sendUs,
      ...(wireLength === undefined ? {} : { wireLength }),
    });
  let nowUs = found.atUs;
  for (const hello of quicClientHello({ serverName: name, profile: world.spec(key).tls }, random))
    toServer(hello, nowUs);
  nowUs += rttUs;
  toClient(quicHandshake(random.octets(8), random.octets(8), 1150, random), nowUs);
  toServer(quicShort(60, random), nowUs + 800);
  toServer(quicShort(420, random), nowUs + 1400);
  nowUs += rttUs + 2000;
  for (let left = down, count = 0; left > 0; left -= 1250, count++) {
    toClient(quicShort(Math.min(left, 40), random), nowUs, Math.max(40, Math.min(left, 1250)));
    if (count % 6 === 5) toServer(quicShort(34, random), nowUs + 300);
    nowUs += spacingUs;
  }
  return nowUs;
}
