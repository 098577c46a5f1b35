import { createHash } from "node:crypto";
import { join } from "../../frames/octets.ts";
import { httpRequest, httpResponse, webSocketFrame } from "../../frames/payloads/http.ts";
import { mqttPing, mqttPong, mqttPublish } from "../../frames/payloads/mqtt.ts";
import { interleaved, rtpPacket, rtspRequest, rtspResponse, videoSdp } from "../../frames/payloads/rtsp.ts";
import { tcpTalk } from "../../frames/talk.ts";
import { TcpSession } from "../../frames/tcp-session.ts";
import type { World } from "../world.ts";

const HUB = "home-assistant";
/** Round trip inside the home over Wi-Fi. */
const LAN_RTT_US = 2600;

/** Plugs that report to the hub's broker in sessions that stood before the capture began. */
const REPORTING = ["washer-plug", "heater-plug", "lamp-plug"] as const;

function mqttReports(world: World): void {
  const { builder, random, endUs, startUs } = world;
  for (const key of REPORTING) {
    const session = new TcpSession(builder, {
      client: world.host(key),
      server: world.host(HUB),
      clientPort: world.port(key),
      serverPort: 1883,
      rttUs: LAN_RTT_US,
    });
    world.repeat(startUs + random.int(5, 40) * 1e6, endUs, 45, (atUs, i) => {
      const watts = key === "washer-plug" && i % 160 < 60 ? random.int(40, 2100) : random.int(0, 3);
      const report = mqttPublish(
        `home/${key}/power`,
        JSON.stringify({ power: watts, voltage: 229 + random.int(0, 4), uptime: 86_400 + i * 45 }),
      );
      session.send("client", report, atUs);
      session.ack("server", atUs + LAN_RTT_US);
      if (i % 6 !== 5) return;
      session.send("client", mqttPing(), atUs + 400_000);
      session.send("server", mqttPong(), atUs + 400_000 + LAN_RTT_US);
      session.ack("client", atUs + 440_000);
    });
  }
}

/** The hub asks bridges and plugs for their state over HTTP, one kept connection after the other. */
function hubPolls(world: World): void {
  const polls = [
    {
      key: "hue",
      path: "/api/config",
      server: "nginx",
      body: '{"name":"Philips Hue","datastoreversion":"172","swversion":"1968096020","apiversion":"1.68.0","bridgeid":"ECB5FAFFFE03D84B","modelid":"BSB002"}',
    },
    {
      key: "washer-plug",
      path: "/rpc/Shelly.GetDeviceInfo",
      server: "ShellyHTTP/1.0.0",
      body: '{"id":"shellyplusplugs-8400ec7a3150","model":"SNPL-00112EU","gen":2,"fw_id":"20241011-114455/1.4.4-g6d2a586","ver":"1.4.4","app":"PlusPlugS"}',
    },
    {
      key: "sonos",
      path: "/status/zp",
      port: 1400,
      server: "Linux UPnP/1.0 Sonos/81.1-58074 (ZPS18)",
      body: "<ZPSupportInfo><ZPInfo><ZoneName>Kitchen</ZoneName><SoftwareVersion>81.1-58074</SoftwareVersion></ZPInfo></ZPSupportInfo>",
    },
  ];
  for (const { key, path, port, server, body } of polls) {
    const { ip } = world.host(key);
    world.repeat(world.hour(0.08) + world.random.int(0, 90) * 1e6, world.endUs, 400, (atUs) => {
      tcpTalk(world.builder, {
        client: world.host(HUB),
        server: world.host(key),
        clientPort: world.port(HUB),
        serverPort: port ?? 80,
        atUs,
        rttUs: LAN_RTT_US,
        segments: [
          {
            from: "client",
            data: httpRequest({
              host: ip,
              path,
              headers: { Accept: "*/*", "User-Agent": "HomeAssistant/2026.8.2 aiohttp/3.12.15 Python/3.13" },
            }),
          },
          {
            from: "server",
            data: httpResponse({ headers: { Server: server, "Content-Type": "application/json" }, body: `${body}\n` }),
            afterUs: 12_000,
          },
        ],
      });
    });
  }
}

/** The tablet on the wall: a WebSocket to the hub that says little for hours. */
function wallPanel(world: World): void {
  const { builder, random } = world;
  const session = new TcpSession(builder, {
    client: world.host("ipad"),
    server: world.host(HUB),
    clientPort: world.port("ipad"),
    serverPort: 8123,
    rttUs: LAN_RTT_US,
  });
  const key = Buffer.from(random.octets(16)).toString("base64");
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  let nowUs = session.open(world.hour(0.12));
  const upgrade = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": key,
    "Sec-WebSocket-Version": "13",
    "User-Agent": "Home Assistant/2026.8 (io.robbie.HomeAssistant; build:2026.912; iOS 18.5.0)",
  };
  nowUs = session.send(
    "client",
    httpRequest({ host: "192.168.178.5:8123", path: "/api/websocket", headers: upgrade }),
    nowUs + 2000,
  );
  nowUs = session.send(
    "server",
    httpResponse({
      status: 101,
      headers: { Upgrade: "websocket", Connection: "upgrade", "Sec-WebSocket-Accept": accept },
    }),
    nowUs + 5000,
  );
  session.ack("client", nowUs + 2000);
  world.repeat(nowUs + 1e6, world.endUs, 75, (atUs, i) => {
    if (i % 3 === 2) {
      session.send("client", webSocketFrame(1, JSON.stringify({ id: i, type: "ping" }), random.octets(4)), atUs);
      session.send("server", webSocketFrame(1, JSON.stringify({ id: i, type: "pong" })), atUs + LAN_RTT_US);
    } else {
      const event = {
        type: "event",
        id: 2,
        event: { c: { "sensor.living_room_temperature": { "+": { s: (20 + random.next() * 2).toFixed(1) } } } },
      };
      session.send("server", webSocketFrame(1, JSON.stringify(event)), atUs);
    }
    session.ack("client", atUs + 40_000);
  });
}

const digest = (user: string, nonce: string, uri: string, response: string): string =>
  `Digest username="${user}", realm="IP Camera", nonce="${nonce}", uri="${uri}", response="${response}"`;

/** The hub fetches a clip of the doorbell over RTSP with digest log-in (RFC 7616) when something moved. */
function cameraClip(world: World, key: string, atUs: number, seconds: number): void {
  const { builder, random } = world;
  const { ip } = world.host(key);
  const url = `rtsp://${ip}:554/stream1`;
  const nonce = random.hex(16);
  const login = { Authorization: digest("viewer", nonce, url, random.hex(16)), "User-Agent": "Lavf61.7.100" };
  const session = new TcpSession(builder, {
    client: world.host(HUB),
    server: world.host(key),
    clientPort: world.port(HUB),
    serverPort: 554,
    rttUs: LAN_RTT_US,
  });
  let nowUs = session.open(atUs);
  const turn = (request: string, response: string): void => {
    nowUs = session.send("client", request, nowUs + 1500);
    nowUs = session.send("server", response, nowUs + 9000);
  };
  turn(
    rtspRequest("OPTIONS", url, 1, { "User-Agent": "Lavf61.7.100" }),
    rtspResponse(200, 1, { Public: "OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY" }),
  );
  turn(
    rtspRequest("DESCRIBE", url, 2, { Accept: "application/sdp" }),
    rtspResponse(401, 2, { "WWW-Authenticate": `Digest realm="IP Camera", nonce="${nonce}"` }),
  );
  turn(
    rtspRequest("DESCRIBE", url, 3, { Accept: "application/sdp", ...login }),
    rtspResponse(200, 3, { "Content-Base": `${url}/` }, videoSdp(ip)),
  );
  turn(
    rtspRequest("SETUP", `${url}/track1`, 4, { Transport: "RTP/AVP/TCP;unicast;interleaved=0-1", ...login }),
    rtspResponse(200, 4, { Transport: "RTP/AVP/TCP;unicast;interleaved=0-1", Session: "8372;timeout=60" }),
  );
  turn(
    rtspRequest("PLAY", url, 5, { Session: "8372", Range: "npt=0.000-", ...login }),
    rtspResponse(200, 5, { Session: "8372" }),
  );
  const head = interleaved(
    0,
    join(rtpPacket({ type: 96, seq: 1, timestamp: 9000, ssrc: 0x2244_6688 }, new Uint8Array(1400))),
  ).subarray(0, 16);
  for (let second = 0; second < seconds; second++) {
    const doneUs = session.bulk("server", random.int(50_000, 75_000), nowUs + 1000, {
      spacingUs: 15_000,
      ackEvery: 4,
      head,
    });
    nowUs = Math.max(nowUs + 1_000_000, doneUs);
  }
  nowUs = session.send("client", rtspRequest("TEARDOWN", url, 6, { Session: "8372", ...login }), nowUs + 1000);
  session.fin("client", nowUs + 8000);
}

/** The talk of the smart home inside the house. */
export function smartHome(world: World): void {
  mqttReports(world);
  hubPolls(world);
  wallPanel(world);
  for (const hour of [0.6, 1.1, 1.9, 2.5, 3.3, 4.4, 5.2, 5.62]) {
    cameraClip(world, "doorbell", world.hour(hour) + world.random.int(0, 40) * 1e6, world.random.int(8, 14));
  }
}
