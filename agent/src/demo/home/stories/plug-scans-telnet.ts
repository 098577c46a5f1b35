import { ipOctets } from "../../frames/address.ts";
import { tcpProbe } from "../../frames/talk.ts";
import type { Story } from "../story.ts";

const TARGETS = 900;

/** The lamp plug has a worm: it tries Telnet at addresses all over, as Mirai does (the sequence number of its SYN is the address tried). */
export const plugScansTelnet: Story = (world) => {
  const { random } = world;
  const plug = world.device("lamp-plug");
  const startUs = world.hour(5.62);
  let nowUs = startUs;
  for (let i = 0; i < TARGETS; i++) {
    const ip = `${random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${random.int(1, 254)}`;
    const seq = Buffer.from(ipOctets(ip)).readUInt32BE(0);
    tcpProbe(world.builder, {
      client: world.host("lamp-plug"),
      server: world.outside(ip, 50),
      clientPort: random.int(20_000, 60_000),
      serverPort: i % 10 === 9 ? 2323 : 23,
      atUs: nowUs,
      rttUs: random.int(20_000, 220_000),
      answer: random.next() < 0.04 ? "closed" : "silent",
      seq,
    });
    nowUs += random.int(60_000, 900_000);
  }
  return {
    id: "plug-scans-telnet",
    title: "The lamp plug looks for Telnet all over the internet",
    startUs,
    endUs: nowUs,
    truth: [
      {
        kind: "network_scan",
        direction: "outbound",
        attacker: { ip: plug.ip, mac: plug.mac },
        victim: null,
        device: plug.mac,
      },
    ],
    mayAlso: ["botnet_infection", "host_sweep", "new_behavior"],
  };
};
