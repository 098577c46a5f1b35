import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { HttpEvent } from "../../dissect/http-event.ts";
import { httpUserAgent } from "./http-user-agent.ts";

const request: HttpEvent = {
  phase: "request",
  method: "GET",
  host: "example.com",
  hostPort: 0,
  url: "/",
  protocol: "HTTP/1.1",
  userAgent: "",
  server: "",
  status: 0,
  contentType: "",
  requestContentType: "",
  requestBodyLength: 0,
  responseBodyLength: 0,
  setsCookie: false,
};
const flow = { proto: "TCP", clientIp: "192.168.1.20", serverIp: "192.168.1.60", clientPort: 50000, serverPort: 80 };
const agent = (userAgent: string) => observed(httpUserAgent, "http", { ...request, userAgent }, { flow });
const server = (text: string) =>
  observed(
    httpUserAgent,
    "http",
    { ...request, phase: "response", status: 200, server: text },
    { flow, toServer: false },
  );

describe("http-user-agent", () => {
  it.each([
    [
      "Mozilla/5.0 (Linux; Android 13; Pixel 6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36",
      { vendor: "Google", model: "Pixel 6", os: "Android 13", type: "phone" },
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Version/16.5 Mobile/15E148 Safari/604.1",
      { model: "iPhone", os: "iOS 16", type: "phone" },
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
      { os: "Windows 10/11", type: "computer" },
    ],
    [
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0.0.0 Mobile Safari/537.36",
      { os: "Android", type: "phone" },
    ],
    [
      "Dalvik/2.1.0 (Linux; U; Android 11; SM-G991B Build/RP1A.200720.012)",
      { vendor: "Samsung", model: "SM-G991B", type: "phone" },
    ],
    ["Dalvik/2.1.0 (Linux; U; Android 9; AFTMM Build/PS7229)", { vendor: "Amazon", type: "media-player" }],
    ["Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/537.36", { vendor: "Samsung", os: "Tizen 5.0", type: "tv" }],
    [
      "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15",
      { model: "PlayStation 5", type: "game-console" },
    ],
    ["Wget/1.16.3 (darwin14.1.0)", { os: "macOS", type: "computer" }],
    ["ESP8266HTTPClient", { vendor: "Espressif", model: "ESP8266" }],
  ])("reads %s", (userAgent, facts) => {
    expect(agent(userAgent).at(-1)).toMatchObject({ ip: "192.168.1.20", ...facts });
    expect(agent(userAgent)[0]).not.toHaveProperty("mac");
  });

  it.each([
    ["App-webs/", { vendor: "Hikvision", type: "camera" }],
    [
      "HP HTTP Server; HP OfficeJet Pro 8720 - M9L74A; Serial Number: X",
      { vendor: "HP", model: "HP OfficeJet Pro 8720", type: "printer" },
    ],
    ["Tasmota/13.2.0 (ESP8285)", { os: "Tasmota", firmware: "13.2.0" }],
  ])("reads the server %s", (text, facts) => {
    expect(server(text).at(-1)).toMatchObject({ ip: "192.168.1.60", ...facts });
  });

  it("says nothing where nothing is said", () => {
    expect(agent("curl/8.5.0")).toEqual([]);
    expect(server("nginx/1.24.0")).toEqual([]);
  });
});
