import { httpRequest, httpResponse } from "../../frames/payloads/http.ts";
import { tcpTalk } from "../../frames/talk.ts";
import type { Story } from "../story.ts";

const STRANGERS = ["203.0.113.220", "198.51.100.221", "192.0.2.77"] as const;
const PAGE = "<html><head><title>Brother MFC-L2710DW series</title></head><body>Status: Sleep</body></html>";

/** The printer's web page and its raw port answer to strangers: one looks at the page, one prints. */
export const printerExposed: Story = (world) => {
  const { random, builder } = world;
  const printer = world.device("printer");
  const startUs = world.hour(2.0);
  let endUs = startUs;
  STRANGERS.forEach((ip, i) => {
    const rttUs = random.int(30_000, 180_000);
    const ends = { client: world.outside(ip, 48), server: world.host("printer"), rttUs };
    const atUs = startUs + i * 210e6;
    const web = tcpTalk(builder, {
      ...ends,
      clientPort: random.int(33_000, 60_000),
      serverPort: 80,
      atUs,
      segments: [
        {
          from: "client",
          data: httpRequest({
            host: "192.0.2.10",
            path: "/general/status.html",
            headers: { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" },
          }),
        },
        {
          from: "server",
          data: httpResponse({ headers: { Server: "debut/1.30", "Content-Type": "text/html" }, body: PAGE }),
          afterUs: 40_000,
        },
      ],
    });
    const raw = tcpTalk(builder, {
      ...ends,
      clientPort: random.int(33_000, 60_000),
      serverPort: 9100,
      atUs: web.endUs + 9e6,
      segments: [
        { from: "client", data: "\u001b%-12345X@PJL INFO ID\r\n\u001b%-12345X" },
        { from: "server", data: '@PJL INFO ID\r\n"Brother MFC-L2710DW series:8C5-K4F:Ver.Q"\r\n\f', afterUs: 60_000 },
        {
          from: "client",
          data: `\u001b%-12345X@PJL JOB NAME="hello"\r\n@PJL ENTER LANGUAGE=PCL\r\n${"your printer is open to the internet\r\n".repeat(40)}`,
          afterUs: 900_000,
        },
      ],
    });
    endUs = raw.endUs;
  });
  return {
    id: "printer-exposed",
    title: "The printer's web page and raw print port are used from the internet",
    startUs,
    endUs,
    truth: [
      {
        kind: "exposed_service",
        direction: "inbound",
        attacker: { ip: STRANGERS[0] },
        victim: { ip: printer.ip, mac: printer.mac },
        device: printer.mac,
      },
    ],
    mayAlso: ["no_authentication", "service_probe", "web_scan"],
  };
};
