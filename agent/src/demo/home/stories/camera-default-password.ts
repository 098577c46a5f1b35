import { basicAuth, httpRequest, httpResponse } from "../../frames/payloads/http.ts";
import { tcpTalk } from "../../frames/talk.ts";
import type { Story } from "../story.ts";

/** The hall camera still has the password it was sold with, and it travels in the clear: HTTP Basic (RFC 7617). */
export const cameraDefaultPassword: Story = (world) => {
  const camera = world.device("hall-camera");
  const user = world.device("pc");
  const startUs = world.hour(2.67);
  const agent = { "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0.0.0" };
  const login = { ...agent, Authorization: basicAuth("admin", "admin") };
  const realm = { Server: "Dahua Rtsp Server", "WWW-Authenticate": 'Basic realm="Login to IPC-HFW2431S"' };
  const { endUs } = tcpTalk(world.builder, {
    client: world.host("pc"),
    server: world.host("hall-camera"),
    clientPort: world.port("pc"),
    serverPort: 80,
    atUs: startUs,
    rttUs: 2200,
    segments: [
      {
        from: "client",
        data: httpRequest({ host: camera.ip, path: "/cgi-bin/magicBox.cgi?action=getSystemInfo", headers: agent }),
      },
      { from: "server", data: httpResponse({ status: 401, headers: realm, body: "Unauthorized" }), afterUs: 9000 },
      {
        from: "client",
        data: httpRequest({ host: camera.ip, path: "/cgi-bin/magicBox.cgi?action=getSystemInfo", headers: login }),
        afterUs: 6e6,
      },
      {
        from: "server",
        data: httpResponse({
          headers: { "Content-Type": "text/plain" },
          body: "deviceType=IPC-HFW2431S\r\nhardwareVersion=1.00\r\nserialNumber=4M0XXXXPAG00000\r\n",
        }),
        afterUs: 14_000,
      },
      {
        from: "client",
        data: httpRequest({ host: camera.ip, path: "/cgi-bin/snapshot.cgi?channel=1", headers: login }),
        afterUs: 2e6,
      },
      {
        from: "server",
        data: httpResponse({ headers: { "Content-Type": "image/jpeg" }, body: world.random.octets(24_000) }),
        afterUs: 60_000,
      },
    ],
  });
  const ends = {
    direction: "lateral",
    attacker: { ip: user.ip, mac: user.mac },
    victim: { ip: camera.ip, mac: camera.mac },
    device: camera.mac,
  } as const;
  return {
    id: "camera-default-password",
    title: "The hall camera is used with its factory password, in clear text",
    startUs,
    endUs,
    truth: [
      { kind: "default_credentials", ...ends },
      { kind: "cleartext_credentials", ...ends },
    ],
    mayAlso: ["weak_protocol", "login_failure"],
  };
};
