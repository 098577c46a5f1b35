import { httpRequest, httpResponse } from "../../frames/payloads/http.ts";
import { tcpProbe, tcpTalk } from "../../frames/talk.ts";
import type { Story } from "../story.ts";
import type { World } from "../world.ts";

const SCANNER = "198.51.100.233";
const FIRST_PORT = 8000;
const SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1";

/** The television asks the router to let the internet in on one port (UPnP WANIPConnection:1 §2.4.16). */
function askForMapping(world: World, atUs: number): void {
  const router = world.device("router");
  const tv = world.device("tv");
  const fields = {
    NewRemoteHost: "",
    NewExternalPort: FIRST_PORT,
    NewProtocol: "TCP",
    NewInternalPort: FIRST_PORT,
    NewInternalClient: tv.ip,
    NewEnabled: 1,
    NewPortMappingDescription: "SmartView",
    NewLeaseDuration: 0,
  };
  const args = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  const envelope = (body: string): string =>
    `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>${body}</s:Body></s:Envelope>\r\n`;
  tcpTalk(world.builder, {
    client: world.host("tv"),
    server: world.host("router"),
    clientPort: world.port("tv"),
    serverPort: 49000,
    atUs,
    rttUs: 1800,
    segments: [
      {
        from: "client",
        data: httpRequest({
          method: "POST",
          host: `${router.ip}:49000`,
          path: "/igdupnp/control/WANIPConn1",
          headers: { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: `"${SERVICE}#AddPortMapping"` },
          body: envelope(`<u:AddPortMapping xmlns:u="${SERVICE}">${args.join("")}</u:AddPortMapping>`),
        }),
      },
      {
        from: "server",
        data: httpResponse({
          headers: {
            Server: "FRITZ!Box 7590 UPnP/1.0 AVM FRITZ!Box 7590 154.08.02",
            "Content-Type": 'text/xml; charset="utf-8"',
          },
          body: envelope(`<u:AddPortMappingResponse xmlns:u="${SERVICE}"></u:AddPortMappingResponse>`),
        }),
        afterUs: 20_000,
      },
    ],
  });
}

/** The television stands behind a mapped range of ports, and a stranger on the internet tries them one after the other. */
export const tvPortScanned: Story = (world) => {
  const { random } = world;
  const tv = world.device("tv");
  const startUs = world.hour(0.83);
  askForMapping(world, world.hour(0.75));
  const ports = Array.from({ length: 160 }, (_, i) => FIRST_PORT + i * 3);
  for (let i = ports.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [ports[i], ports[j]] = [ports[j] ?? 0, ports[i] ?? 0];
  }
  let nowUs = startUs;
  for (const [i, port] of ports.entries()) {
    tcpProbe(world.builder, {
      client: world.outside(SCANNER, 239),
      server: world.host("tv"),
      clientPort: 40_000 + (i % 7),
      serverPort: port,
      atUs: nowUs,
      rttUs: 3000,
      answer: i % 5 === 4 ? "silent" : "closed",
    });
    nowUs += random.int(120_000, 900_000);
  }
  return {
    id: "tv-port-scanned",
    title: "Somebody on the internet tries the ports of the television one after the other",
    startUs,
    endUs: nowUs,
    truth: [
      {
        kind: "port_scan",
        direction: "inbound",
        attacker: { ip: SCANNER },
        victim: { ip: tv.ip, mac: tv.mac },
        device: tv.mac,
      },
    ],
    mayAlso: ["service_probe", "exposed_service", "upnp_port_mapping"],
  };
};
