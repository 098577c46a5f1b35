import { ntpClient, ntpServer } from "../../frames/payloads/ntp.ts";
import { udpExchange } from "../../frames/talk.ts";
import { PLACES } from "../internet.ts";
import { type Standing, standingTls, tlsVisit, type Visit } from "../visit.ts";
import type { World } from "../world.ts";

type StandingRow = readonly [
  key: string,
  name: string,
  everySeconds: number,
  visit: Omit<Standing, "fromUs" | "toUs" | "everySeconds">,
];

/** Sessions that stand all day. Pauses as such services have them: long, to spare batteries and address tables. */
const STANDING: readonly StandingRow[] = [
  ["iphone", "1-courier.push.apple.com", 420, { port: 5223, up: 60, down: 120 }],
  ["ipad", "1-courier.push.apple.com", 540, { port: 5223, up: 60, down: 120 }],
  ["macbook", "1-courier.push.apple.com", 480, { port: 5223, up: 60, down: 120, preferIpv6: true }],
  ["galaxy", "mtalk.google.com", 380, { port: 5228, up: 50, down: 90 }],
  ["pc", "client.wns.windows.com", 300, { up: 80, down: 80, isTls12: true }],
  ["pc", "outlook.office365.com", 180, { up: 900, down: 1400, alpn: ["h2", "http/1.1"] }],
  ["tv", "api.samsungcloudsolution.com", 500, { up: 120, down: 200, isTls12: true }],
  ["echo", "avs-alexa-eu.amazon.com", 150, { up: 70, down: 90, alpn: ["h2"] }],
  ["sonos", "ws.sonos.com", 280, { up: 90, down: 60, isTls12: true }],
  ["hue", "ws.meethue.com", 240, { up: 70, down: 70, isTls12: true }],
  ["lamp-plug", "m1.tuyaeu.com", 110, { port: 8883, up: 60, down: 40, isTls12: true }],
  ["heater-plug", "m1.tuyaeu.com", 120, { port: 8883, up: 60, down: 40, isTls12: true }],
  ["washer-plug", "shelly-49-eu.shelly.cloud", 170, { port: 6022, up: 180, down: 60, isTls12: true }],
  ["thermostat", "ib01.tado.com", 200, { up: 150, down: 110, isTls12: true }],
  ["vacuum", "mqtt-eu-3.roborock.com", 130, { port: 8883, up: 130, down: 60, isTls12: true }],
  ["hall-camera", "www.easy4ipcloud.com", 330, { up: 110, down: 90, isTls12: true }],
  ["garden-camera", "p2p.reolink.com", 360, { up: 110, down: 90, isTls12: true }],
  ["doorbell", "dev.eu.hik-connect.com", 260, { up: 140, down: 100, isTls12: true }],
  ["home-assistant", "cloud.nabucasa.com", 220, { up: 60, down: 60, alpn: ["http/1.1"] }],
  ["nas", "global.quickconnect.to", 600, { up: 130, down: 130 }],
];

type VisitRow = readonly [key: string, name: string, everySeconds: number, visit: Visit];

/** Short visits that come back: telemetry, checks for updates, mail and contacts. */
const VISITS: readonly VisitRow[] = [
  ["iphone", "gateway.icloud.com", 1900, { up: 2200, down: 5200, alpn: ["h2", "http/1.1"], preferIpv6: true }],
  ["ipad", "p63-contacts.icloud.com", 3300, { up: 1200, down: 3600, alpn: ["h2", "http/1.1"], preferIpv6: true }],
  ["ipad", "configuration.apple.com", 5200, { up: 500, down: 3000, alpn: ["h2"] }],
  ["galaxy", "play.googleapis.com", 2100, { up: 1800, down: 4200, alpn: ["h2"] }],
  ["galaxy", "mmg.whatsapp.net", 1300, { up: 3600, down: 8200 }],
  ["pc", "v10.events.data.microsoft.com", 1700, { up: 6200, down: 700, alpn: ["h2", "http/1.1"] }],
  ["pc", "settings-win.data.microsoft.com", 4100, { up: 600, down: 2600, isTls12: true }],
  ["tv", "osb-krsvc.samsungqbe.com", 2600, { up: 900, down: 1600, isTls12: true }],
  ["console", "conntest.nintendowifi.net", 3400, { up: 300, down: 900, isTls12: true }],
  ["echo", "device-metrics-us.amazon.com", 1500, { up: 4300, down: 500, isTls12: true }],
  ["lamp-plug", "a1.tuyaeu.com", 5600, { up: 500, down: 700, isTls12: true }],
  ["heater-plug", "a1.tuyaeu.com", 5900, { up: 500, down: 700, isTls12: true }],
  ["home-assistant", "version.home-assistant.io", 7000, { up: 400, down: 2600 }],
  ["home-assistant", "alerts.home-assistant.io", 8000, { up: 400, down: 3800 }],
  ["nas", "update7.synology.com", 9000, { up: 700, down: 4100 }],
];

/** What devices do with their makers' clouds when nobody looks, and how they keep the time. */
export function clouds(world: World): void {
  const { random, endUs, startUs } = world;
  for (const [key, name, everySeconds, visit] of STANDING) {
    standingTls(world, key, name, {
      ...visit,
      everySeconds,
      fromUs: startUs + random.int(160, 600) * 1e6,
      toUs: endUs,
    });
  }
  for (const [key, name, everySeconds, visit] of VISITS) {
    world.repeat(
      startUs + random.int(200, 1900) * 1e6,
      endUs,
      everySeconds,
      (atUs) => void tlsVisit(world, key, name, atUs, visit),
      0.45,
    );
  }
  for (const { key, ntp } of world.specs) {
    if (!ntp || !PLACES.has(ntp)) continue;
    world.repeat(startUs + random.int(150, 500) * 1e6, endUs, key === "router" ? 1024 : 2048, (atUs) =>
      askTime(world, key, ntp, atUs),
    );
  }
}

function askTime(world: World, key: string, name: string, atUs: number): void {
  const { host, place, atUs: readyUs } = world.resolve(key, name, atUs);
  udpExchange(world.builder, {
    client: world.host(key),
    server: host,
    clientPort: key === "pc" ? 123 : world.port(key),
    serverPort: 123,
    atUs: readyUs,
    datagrams: [
      { from: "client", data: ntpClient(readyUs) },
      { from: "server", data: ntpServer(readyUs + place.rttUs / 2, readyUs), afterUs: place.rttUs },
    ],
  });
}
