import { describe, expect, it } from "vitest";
import type { HttpEvent } from "../http-event.ts";
import { applicationOfHomeHttp } from "./http-devices.ts";

const request = (url: string, more: Partial<HttpEvent> = {}): HttpEvent => ({
  phase: "response",
  method: "GET",
  host: "192.168.1.40",
  hostPort: 0,
  url,
  protocol: "HTTP/1.1",
  userAgent: "",
  server: "",
  status: 200,
  contentType: "",
  requestContentType: "",
  requestBodyLength: 0,
  responseBodyLength: 0,
  setsCookie: false,
  ...more,
});

describe("things at home by their HTTP interface", () => {
  it.each([
    ["/clip/v2/resource/light/1", "Philips_Hue"],
    ["/api/1028d66426293e821ecfd9ef1a0731df/lights", "Philips_Hue"],
    ["/rpc/Shelly.GetStatus?id=1", "Shelly"],
    ["/cm?cmnd=Power%20On", "Tasmota"],
    ["/json/state", "WLED"],
    ["/elgato/lights", "Elgato"],
    ["/app/handshake1", "Tapo"],
    ["/query/device-info", "Roku"],
    ["/setup/eureka_info?params=name", "GoogleCast"],
    ["/onvif/device_service", "ONVIF"],
    ["/ISAPI/System/deviceInfo", "Hikvision"],
    ["/cgi-bin/api.cgi?cmd=GetDevInfo", "Reolink"],
    ["/solar_api/v1/GetInverterInfo.cgi", "Fronius"],
    ["/pair-setup", "HomeKit"],
  ])("%s is of %s", (url, app) => expect(applicationOfHomeHttp(request(url))?.app).toBe(app));

  it("knows types, actions and servers", () => {
    expect(applicationOfHomeHttp(request("/x", { contentType: "application/hap+json" }))?.app).toBe("HomeKit");
    expect(
      applicationOfHomeHttp(request("/x", { soapAction: "urn:Belkin:service:basicevent:1#SetBinaryState" }))?.app,
    ).toBe("Wemo");
    expect(applicationOfHomeHttp(request("/x", { server: "Linux UPnP/1.0 Sonos/70.3-35220 (ZPS18)" }))?.app).toBe(
      "Sonos",
    );
    expect(applicationOfHomeHttp(request("/serverinfo?uniqueid=0", { hostPort: 47_989 }))?.app).toBe(
      "NVIDIA-GameStream",
    );
  });

  it.each(["/", "/status", "/api/lights", "/accessories", "/serverinfo", "/cm", "/jsonrpcs", "/json/stateful"])(
    "%s is of nobody",
    (url) => expect(applicationOfHomeHttp(request(url))).toBeUndefined(),
  );

  it("knows a tracker wherever it is", () => {
    const url = "/announce?peer_id=-TR4050-&info_hash=%12%34";
    expect(applicationOfHomeHttp(request(url, { host: "tracker.example.org" }))?.app).toBe("BitTorrent");
  });

  it("says nothing of hosts with public names", () => {
    for (const host of ["example.com", "api.shelly.cloud"])
      expect(applicationOfHomeHttp(request("/json/state", { host }))).toBeUndefined();
    for (const host of ["wled.local", "wled", "lamp.fritz.box", "[fe80::1]", "fe80::1"])
      expect(applicationOfHomeHttp(request("/json/state", { host }))?.app).toBe("WLED");
  });
});
