import { join } from "../../frames/octets.ts";
import { httpRequest, httpResponse } from "../../frames/payloads/http.ts";
import { ippRequest, ippResponse } from "../../frames/payloads/ipp.ts";
import { applicationData, changeCipherSpec, clientHello, serverHello, tlsRecord } from "../../frames/payloads/tls.ts";
import { TcpSession } from "../../frames/tcp-session.ts";
import { exchange, openTls, quicVisit, tlsVisit } from "../visit.ts";
import type { World } from "../world.ts";

const LAN_RTT_US = 900;
const BROWSER_ALPN = ["h2", "http/1.1"] as const;
const SITES = ["www.wikipedia.org", "www.heise.de", "www.tagesschau.de", "github.com", "upload.wikimedia.org"] as const;

/** Somebody reads the news: pages and their pictures, pauses of a reader. */
function browse(world: World, key: string, fromUs: number, minutes: number): void {
  const { random } = world;
  world.repeat(
    fromUs,
    fromUs + minutes * 60e6,
    45,
    (atUs) => {
      const site = random.pick(SITES);
      const first = tlsVisit(world, key, site, atUs, {
        up: 900,
        down: random.int(9_500, 60_000),
        alpn: BROWSER_ALPN,
        preferIpv6: true,
        bulk: { spacingUs: 900 },
      });
      if (random.next() < 0.4) quicVisit(world, key, "www.google.com", first - 150_000, random.int(4000, 30_000));
    },
    0.6,
  );
}

/** A film or music: segments in one connection, each followed by a rest until the next is due. */
function stream(
  world: World,
  key: string,
  name: string,
  fromUs: number,
  minutes: number,
  segmentBytes: number,
  everySeconds = 20,
): void {
  const { random } = world;
  const { rttUs } = world.place(name);
  const opened = openTls(world, key, name, fromUs, { alpn: ["http/1.1"] });
  let lastUs = opened.atUs;
  world.repeat(
    opened.atUs + 400_000,
    fromUs + minutes * 60e6,
    everySeconds,
    (atUs) => {
      lastUs = exchange(
        world,
        opened.session,
        Math.max(atUs, lastUs + 10_000),
        700,
        random.jitter(segmentBytes, 0.3),
        rttUs,
        { spacingUs: 260, ackEvery: 8 },
      );
    },
    0.1,
  );
  opened.session.fin("client", Math.max(lastUs, fromUs + minutes * 60e6) + 2e6);
}

/** Opens TLS inside the home, from device `key` to the NAS. Returns it with the time of its last segment. */
function openToNas(world: World, key: string, serverPort: number, atUs: number): { session: TcpSession; atUs: number } {
  const { builder, random } = world;
  const session = new TcpSession(builder, {
    client: world.host(key),
    server: world.host("nas"),
    clientPort: world.port(key),
    serverPort,
    rttUs: LAN_RTT_US,
  });
  let nowUs = session.open(atUs);
  nowUs = session.send(
    "client",
    clientHello({ serverName: "diskstation.fritz.box", profile: world.spec(key).tls }, random),
    nowUs + 200,
  );
  nowUs = session.send(
    "server",
    join(serverHello({}, random), changeCipherSpec(), applicationData(1900, random)),
    nowUs + 1500,
  );
  nowUs = session.send("client", join(changeCipherSpec(), applicationData(600, random)), nowUs + 900);
  return { session, atUs: nowUs };
}

const RECORD_HEAD = tlsRecord(23, new Uint8Array(2048)).subarray(0, 5);

/** The computer's backup to the NAS: one long upload. */
function backup(world: World, key: string, atUs: number, bytes: number): void {
  const { session, atUs: openUs } = openToNas(world, key, 6690, atUs);
  let nowUs = session.bulk("client", bytes, openUs + 5000, { spacingUs: 400, ackEvery: 8, head: RECORD_HEAD });
  nowUs = session.send("server", applicationData(400, world.random), nowUs + 20_000);
  session.fin("client", nowUs + 30_000);
}

/** A camera's recording on the NAS, written a little every two seconds. */
function record(world: World, key: string, fromUs: number, minutes: number, bytes: number): void {
  const { session, atUs: openUs } = openToNas(world, key, 5001, fromUs);
  let lastUs = openUs;
  world.repeat(
    openUs + 500_000,
    fromUs + minutes * 60e6,
    2,
    (atUs) => {
      const size = world.random.jitter(bytes, 0.3);
      lastUs = session.bulk("client", size, Math.max(atUs, lastUs + 1000), {
        spacingUs: 300,
        ackEvery: 8,
        head: RECORD_HEAD,
      });
    },
    0.1,
  );
  session.fin("client", lastUs + 2e6);
}

/** Prints a document by IPP over HTTP (RFC 8010): asks for the printer's abilities, then sends the job. */
function print(world: World, key: string, atUs: number, bytes: number): void {
  const { builder } = world;
  const printer = world.host("printer");
  const uri = `ipp://${printer.ip}:631/ipp/print`;
  const session = new TcpSession(builder, {
    client: world.host(key),
    server: printer,
    clientPort: world.port(key),
    serverPort: 631,
    rttUs: 3000,
  });
  const headers = { "Content-Type": "application/ipp", "User-Agent": "CUPS/2.4.7 (macOS 15.5; arm64) IPP/2.0" };
  const post = (body: Uint8Array): Uint8Array =>
    httpRequest({ method: "POST", host: `${printer.ip}:631`, path: "/ipp/print", headers, body });
  const answer = (id: number): Uint8Array =>
    httpResponse({
      headers: { Server: "debut/1.30", "Content-Type": "application/ipp" },
      body: ippResponse(id, "Brother MFC-L2710DW series"),
    });
  let nowUs = session.open(atUs);
  nowUs = session.send("client", post(ippRequest("get-printer-attributes", 1, uri)), nowUs + 500);
  nowUs = session.send("server", answer(1), nowUs + 30_000);
  session.ack("client", nowUs + 2000);
  const job = ippRequest("print-job", 2, uri);
  const head = join(
    `POST /ipp/print HTTP/1.1\r\nHost: ${printer.ip}:631\r\nContent-Type: application/ipp\r\nContent-Length: ${job.length + bytes}\r\n\r\n`,
    job,
  );
  nowUs = session.send("client", head, nowUs + 200_000);
  nowUs = session.bulk("client", bytes, nowUs + 500, { spacingUs: 900, ackEvery: 4 });
  nowUs = session.send("server", answer(2), nowUs + 90_000);
  session.fin("client", nowUs + 40_000);
}

/** What people do over six hours of an evening. */
export function household(world: World): void {
  const { random } = world;
  for (const [key, hour, minutes] of [
    ["macbook", 0.3, 14],
    ["galaxy", 0.7, 9],
    ["iphone", 1.2, 10],
    ["ipad", 1.7, 8],
    ["macbook", 2.2, 16],
    ["iphone", 3.1, 8],
    ["galaxy", 3.7, 12],
    ["guest", 4.02, 9],
    ["macbook", 4.3, 15],
    ["ipad", 5.0, 8],
    ["iphone", 5.55, 10],
    ["macbook", 5.7, 9],
  ] as const) {
    browse(world, key, world.hour(hour), minutes);
  }
  stream(world, "tv", "ipv4-c012-fra002-ix.1.oca.nflxvideo.net", world.hour(1.5), 24, 420_000);
  stream(world, "tv", "ipv4-c012-fra002-ix.1.oca.nflxvideo.net", world.hour(4.6), 20, 420_000);
  stream(world, "sonos", "spotify-stream.spotifycdn.com", world.hour(0.9), 30, 60_000);
  // The last half hour is the one that is watched live: something is always on.
  stream(world, "tv", "ipv4-c012-fra002-ix.1.oca.nflxvideo.net", world.hour(5.47), 31, 36_000, 2);
  stream(world, "sonos", "spotify-stream.spotifycdn.com", world.hour(5.48), 30, 16_000, 2);
  record(world, "hall-camera", world.hour(5.46), 31.5, 16_000);
  tlsVisit(world, "tv", "api-global.netflix.com", world.hour(1.49), { up: 2600, down: 8200 });
  quicVisit(world, "galaxy", "www.youtube.com", world.hour(2.9), 60_000);
  quicVisit(world, "galaxy", "rr3---sn-4g5e6nze.googlevideo.com", world.hour(2.9) + 3e6, 4_000_000, 900);
  tlsVisit(world, "console", "dragons.p01.lp1.dragons.nintendo.net", world.hour(3.45), {
    up: 800,
    down: 9_000_000,
    isTls12: true,
    bulk: { spacingUs: 400, ackEvery: 8 },
  });
  backup(world, "macbook", world.hour(2.05), 18_000_000);
  backup(world, "pc", world.hour(3.6), 14_000_000);
  print(world, "macbook", world.hour(1.0) + random.int(0, 60) * 1e6, 640_000);
  print(world, "pc", world.hour(3.9) + random.int(0, 60) * 1e6, 280_000);
}
