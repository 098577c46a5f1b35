import { CaptureBuilder } from "../../src/demo/frames/capture.ts";
import { dnsAnswer, dnsQuery } from "../../src/demo/frames/payloads/dns.ts";
import { xmrig } from "../../src/demo/frames/payloads/stratum.ts";
import { seededRandom } from "../../src/demo/frames/random.ts";
import { tcpProbe, udpExchange } from "../../src/demo/frames/talk.ts";
import { type Host, TcpSession } from "../../src/demo/frames/tcp-session.ts";

const ROUTER = { mac: "3c:a6:2f:00:53:fe", ip: "192.168.178.1" };
/** Two devices of the household of the Home Assistant rig, by their MACs. */
export const CAMERA = { mac: "ec:71:db:00:53:01", ip: "192.168.178.21" };
export const PLUG = { mac: "34:94:54:00:53:02", ip: "192.168.178.22" };
const POOL: Host = { mac: ROUTER.mac, ip: "203.0.113.77", ttl: 52 };
const POOL_NAME = "pool.supportxmr.com";
const WALLET = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";

/** A camera looks up a mining pool, logs in and sends a share a minute for some minutes. */
function addMining(builder: CaptureBuilder, atUs: number, minutes: number): void {
  const random = seededRandom(3);
  const answer = [{ name: POOL_NAME, type: "A" as const, ttl: 300, data: POOL.ip }];
  const asked = udpExchange(builder, {
    client: CAMERA,
    server: ROUTER,
    clientPort: 40_001,
    serverPort: 53,
    atUs,
    datagrams: [
      { from: "client", data: dnsQuery(7, POOL_NAME) },
      { from: "server", data: dnsAnswer(7, POOL_NAME, "A", answer) },
    ],
  });
  const session = new TcpSession(builder, {
    client: CAMERA,
    server: POOL,
    clientPort: 40_002,
    serverPort: 3333,
    rttUs: 20_000,
  });
  let nowUs = session.open(asked + 2000);
  nowUs = session.send("client", xmrig.login(1, WALLET), nowUs + 4000);
  nowUs = session.send("server", xmrig.loggedIn(1, random.hex(8), random), nowUs + 20_000);
  nowUs = session.ack("client", nowUs + 40_000);
  for (let minute = 1; minute <= minutes; minute++) {
    nowUs = session.send("client", xmrig.submit(minute + 1, "m", random.hex(8), random), atUs + minute * 60e6);
    nowUs = session.send("server", xmrig.accepted(minute + 1), nowUs + 20_000);
    session.ack("client", nowUs + 40_000);
  }
}

/** A plug tries Telnet at addresses all over the internet, as Mirai does. */
function addScan(builder: CaptureBuilder, atUs: number, answer: "silent" | "closed"): void {
  const targets = 200;
  for (let i = 0; i < targets; i++) {
    const server = { mac: ROUTER.mac, ip: `198.51.${100 + (i >> 7)}.${1 + (i & 127)}`, ttl: 50 };
    const clientPort = 20_000 + i;
    tcpProbe(builder, {
      client: PLUG,
      server,
      clientPort,
      serverPort: 23,
      atUs: atUs + i * 50_000,
      rttUs: 20_000,
      answer,
    });
  }
}

/** Two devices and the router say that they are there. */
function addPresence(builder: CaptureBuilder, atUs: number): void {
  for (const [i, { mac, ip }] of [CAMERA, PLUG, ROUTER].entries()) {
    const other = i === 2 ? CAMERA : ROUTER;
    builder.addArp(atUs + i * 1e6, {
      op: "request",
      senderMac: mac,
      senderIp: ip,
      targetMac: other.mac,
      targetIp: other.ip,
    });
    builder.addArp(atUs + i * 1e6 + 900, {
      op: "reply",
      senderMac: other.mac,
      senderIp: other.ip,
      targetMac: mac,
      targetIp: ip,
    });
  }
}

/** Some minutes in which the camera mines and the plug scans. */
export function troubledHome(): Uint8Array {
  const builder = new CaptureBuilder();
  const startUs = 1_790_000_000e6;
  addPresence(builder, startUs);
  addMining(builder, startUs + 30e6, 8);
  addScan(builder, startUs + 60e6, "silent");
  return builder.toPcap();
}

/** Five seconds in which devices are there and no more; looped, it keeps a tap alive. */
export function quietHome(): Uint8Array {
  const builder = new CaptureBuilder();
  addPresence(builder, 1_790_000_000e6);
  return builder.toPcap();
}

/** A look-up, a log-in at a pool and its answer: what gives a miner away at once. */
export function miningLogin(): Uint8Array {
  const builder = new CaptureBuilder();
  addMining(builder, 1_790_000_000e6, 0);
  return builder.toPcap();
}

/** A scan of 200 hosts, 20 a second, which refuse or say nothing. */
export function telnetScan(answer: "silent" | "closed"): Uint8Array {
  const builder = new CaptureBuilder();
  addScan(builder, 1_790_000_000e6, answer);
  return builder.toPcap();
}
