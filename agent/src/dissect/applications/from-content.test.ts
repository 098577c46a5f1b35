import { describe, expect, it } from "vitest";
import { runFrames, tcpTalk, testEnds } from "../../../test/props/frames.ts";
import { dialogue } from "../../../test/props/stream-drive.ts";
import type { X509Certificate } from "../x509-certificate.ts";
import { applicationOfAlpn, applicationOfCertificate, applicationOfTlsPort, carrierOfTlsPort } from "./from-content.ts";

const certificate = (subject: string, issuer: string, names: string[] = []): X509Certificate => ({
  subject,
  issuer,
  serial: "01",
  fingerprint: "",
  notBeforeUs: 0,
  notAfterUs: 0,
  commonName: /CN=([^,]*)/.exec(subject)?.[1] ?? "",
  names,
  isSelfSigned: false,
});
const ofCertificate = (...parts: Parameters<typeof certificate>) =>
  applicationOfCertificate(certificate(...parts))?.app;

describe("applications by content", () => {
  it("knows what an ALPN says by itself", () => {
    expect(applicationOfAlpn(["h2", "dot"])?.app).toBe("DoH_DoT");
    expect(applicationOfAlpn(["doq-i02"])?.app).toBe("DoH_DoT");
    expect(applicationOfAlpn(["anydesk/6.2.0/linux"])?.app).toBe("AnyDesk");
    expect(applicationOfAlpn(["h2", "http/1.1"])).toBeUndefined();
  });

  it("names by a certificate's host names, its issuer, or Tor's habit", () => {
    expect(ofCertificate("CN=*.facebook.com", "CN=DigiCert")).toBe("Facebook");
    expect(ofCertificate("CN=edge", "CN=x", ["*.waze.com"])).toBe("Waze");
    expect(ofCertificate("CN=AnyDesk Client", "CN=AnyNet Root CA, O=philandro Software GmbH")).toBe("AnyDesk");
    expect(ofCertificate("CN=www.q4cyamnc6mtok.net", "CN=www.gfu7hbxpfp.com")).toBe("Tor");
    expect(ofCertificate("CN=www.example.net, O=Example", "CN=www.example.com")).toBeUndefined();
  });

  it("knows TLS by ports that are for nothing else", () => {
    expect(carrierOfTlsPort(993)).toEqual({ proto: "IMAPS", category: "Email" });
    expect(carrierOfTlsPort(443)).toBeUndefined();
    expect(applicationOfTlsPort(853)?.app).toBe("DoH_DoT");
  });

  it("names HTTP flows by host, method and play list", () => {
    const appOf = (...lines: string[]) => {
      const { sink } = runFrames(tcpTalk(dialogue(...lines), { ...testEnds, dstPort: 80 }));
      const { app, proto, category, confidence } = sink.flows("end")[0]!.data;
      return { app, proto, category, confidence };
    };
    const answer = (type: string) => `< HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: 0\r\n\r\n`;
    expect(appOf("> GET / HTTP/1.1\r\nHost: www.netflix.com\r\n\r\n", answer("text/html"))).toEqual({
      app: "Netflix",
      proto: "HTTP",
      category: "Video",
      confidence: "hostname",
    });
    expect(appOf("> PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n", answer("text/xml")).app).toBe("WebDAV");
    expect(appOf("> GET /live/a.mpd?x=1 HTTP/1.1\r\nHost: h\r\n\r\n", answer("text/xml")).app).toBe("MpegDash");
    expect(appOf("> GET /a HTTP/1.1\r\nHost: h\r\n\r\n", answer("application/vnd.apple.mpegurl")).app).toBe("HLS");
    expect(appOf("> GET /a HTTP/1.1\r\nHost: h\r\n\r\n", answer("text/html"))).toMatchObject({
      app: undefined,
      confidence: "dpi",
    });
  });
});
