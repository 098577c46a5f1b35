import { tcpProbe } from "../../frames/talk.ts";
import type { Story } from "../story.ts";

const SCANNER = "198.51.100.233";

/** The television stands behind a mapped range of ports, and a stranger on the internet tries them one after the other. */
export const tvPortScanned: Story = (world) => {
  const { random } = world;
  const tv = world.device("tv");
  const startUs = world.hour(0.83);
  const ports = Array.from({ length: 160 }, (_, i) => 8000 + i * 3);
  for (let i = ports.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [ports[i], ports[j]] = [ports[j] ?? 0, ports[i] ?? 0];
  }
  let nowUs = startUs;
  for (const [i, port] of ports.entries()) {
    const answer = i % 5 === 4 ? "silent" : "closed";
    tcpProbe(world.builder, {
      client: world.outside(SCANNER, 239),
      server: world.host("tv"),
      clientPort: 40_000 + (i % 7),
      serverPort: port,
      atUs: nowUs,
      rttUs: 3000,
      answer,
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
    mayAlso: ["service_probe", "exposed_service"],
  };
};
