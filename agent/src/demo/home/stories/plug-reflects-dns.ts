import { type DnsRecord, dnsMessage } from "../../frames/payloads/dns.ts";
import { udpExchange } from "../../frames/talk.ts";
import type { Story } from "../story.ts";

/** Whose address the questions bear: the answers fall on it. */
const TARGET = "203.0.113.240";
const ZONE = "isc.example.net";
const QUERIES = 420;

const RECORDS: readonly DnsRecord[] = [
  { name: ZONE, type: "SOA", data: { mname: `ns1.${ZONE}`, rname: `hostmaster.${ZONE}`, serial: 2_026_010_101 } },
  ...Array.from({ length: 4 }, (_, i): DnsRecord => ({ name: ZONE, type: "NS", data: `ns${i + 1}.${ZONE}` })),
  ...Array.from(
    { length: 11 },
    (_, i): DnsRecord => ({ name: ZONE, type: "TXT", data: [`v=key${i}; ${"A9f3kQ".repeat(37)}`] }),
  ),
  { name: ZONE, type: "MX", data: { preference: 10, exchange: `mail.${ZONE}` } },
];

/** The heater plug answers DNS questions of the whole internet; somebody asks in the name of a victim, and the plug sends it forty times as much. */
export const plugReflectsDns: Story = (world) => {
  const { random } = world;
  const plug = world.device("heater-plug");
  const startUs = world.hour(3.17);
  let nowUs = startUs;
  for (let i = 0; i < QUERIES; i++) {
    const id = random.int(1, 0xffff);
    const questions = [{ name: ZONE, type: "ANY" as const }];
    udpExchange(world.builder, {
      client: world.outside(TARGET, 241),
      server: world.host("heater-plug"),
      clientPort: random.int(1024, 65_000),
      serverPort: 53,
      atUs: nowUs,
      datagrams: [
        { from: "client", data: dnsMessage({ id, questions, ednsSize: 4096 }) },
        {
          from: "server",
          data: dnsMessage({ id, response: true, questions, answers: RECORDS, ednsSize: 4096 }),
          afterUs: random.int(1500, 6000),
        },
      ],
    });
    nowUs += random.int(120_000, 700_000);
  }
  return {
    id: "plug-reflects-dns",
    title: "The heater plug is an open resolver and takes part in an attack on somebody else",
    startUs,
    endUs: nowUs,
    // Who forged the sender cannot be known: its questions bear the victim's address.
    truth: [
      {
        kind: "dns_amplification",
        direction: "outbound",
        role: "reflector",
        attacker: { ip: TARGET },
        victim: { ip: TARGET },
        device: plug.mac,
      },
    ],
    mayAlso: ["exposed_service", "dns_flood", "ddos_outbound"],
  };
};
