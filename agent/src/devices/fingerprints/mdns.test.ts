import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { MdnsInstance } from "../../dissect/mdns-services.ts";
import type { MdnsEvent } from "../../dissect/protocols/mdns.ts";
import { mdns } from "./mdns.ts";

const answer: MdnsEvent = {
  isResponse: true,
  questions: [],
  knownAnswerCount: 0,
  records: [],
  services: [],
  instances: [],
  hostname: "device.local",
  addresses: ["192.168.1.20"],
  length: 100,
};
const instance = (service: string, pairs: Record<string, string>, name = "x"): MdnsInstance => ({
  name,
  service,
  target: "device.local",
  port: 80,
  text: Object.entries(pairs).map(([key, value]) => ({ key, value })),
});
const offer = (...instances: MdnsInstance[]): MdnsEvent => ({
  ...answer,
  instances,
  services: [...new Set(instances.map((one) => one.service))],
});
const told = (event: MdnsEvent) => Object.fromEntries(observed(mdns, "mdns", event).map((seen) => [seen.source, seen]));

describe("mdns", () => {
  it("binds name, address and MAC", () => {
    expect(told(answer)).toMatchObject({
      "mdns.hostname": { hostname: "device", mac: "3c:06:30:aa:bb:cc" },
      "mdns.address": { ip: "192.168.1.20", binds: true },
    });
  });

  it("does not believe one who speaks for another", () => {
    expect(told({ ...offer(instance("_hue._tcp", {})), addresses: ["192.168.1.99"] })).toEqual({});
  });

  it.each([
    [
      "_googlecast._tcp",
      { md: "Chromecast", fn: "TV" },
      { vendor: "Google", model: "Chromecast", type: "media-player" },
    ],
    ["_googlecast._tcp", { md: "Google Home Mini" }, { vendor: "Google", type: "voice-assistant" }],
    ["_googlecast._tcp", { md: "BRAVIA 4K VH2" }, { vendor: "Sony", type: "tv" }],
    ["_hap._tcp", { md: "Kitchen Plug", ci: "7" }, { model: "Kitchen Plug", type: "plug" }],
    ["_hap._tcp", { md: "HASS Bridge", ci: "2" }, { type: "server" }],
    [
      "_ipp._tcp",
      { ty: "HP OfficeJet Pro 8720", usb_mfg: "HP", rp: "ipp/print" },
      { vendor: "HP", model: "HP OfficeJet Pro 8720", type: "printer" },
    ],
    ["_hue._tcp", { bridgeid: "001788fffe12abcd", modelid: "BSB002" }, { model: "BSB002", type: "hub" }],
    [
      "_airplay._tcp",
      { model: "AppleTV11,1", osvers: "16.5" },
      { vendor: "Apple", model: "AppleTV11,1", type: "media-player", firmware: "16.5" },
    ],
    [
      "_airplay._tcp",
      { manufacturer: "Samsung Electronics", model: "QE55Q80 TV", fv: "p20" },
      { vendor: "Samsung", type: "tv", firmware: "p20" },
    ],
    ["_device-info._tcp", { model: "MacBookPro18,3" }, { os: "macOS", type: "computer" }],
    ["_http._tcp", { vendor: "Synology", model: "DS218+" }, { vendor: "Synology", model: "DS218+" }],
    [
      "_esphomelib._tcp",
      { version: "2024.6.1", platform: "ESP32" },
      { os: "ESPHome", firmware: "2024.6.1", model: "ESP32" },
    ],
    ["_shelly._tcp", { app: "PlugS", ver: "1.2.3" }, { vendor: "Shelly", type: "plug", firmware: "1.2.3" }],
    ["_matterc._udp", { dt: "266" }, { type: "plug" }],
    ["_home-assistant._tcp", { version: "2026.8.1" }, { model: "Home Assistant", firmware: "2026.8.1" }],
  ])("reads %s %o", (service, pairs, facts) => {
    const seen = told(offer(instance(service, pairs as Record<string, string>)));
    expect(seen[`mdns.txt.${service.replace(/\._(tcp|udp)$/, "")}`]).toMatchObject(facts);
  });

  it("knows Xiaomi's devices by their instance names", () => {
    expect(told(offer(instance("_miio._udp", {}, "roborock-vacuum-s5_miio260426251")))["mdns.txt._miio"]).toMatchObject(
      {
        vendor: "Roborock",
        model: "s5",
        type: "vacuum",
      },
    );
  });

  it("takes no computer that shares its printer for one", () => {
    const seen = told(offer(instance("_ipp._tcp", { ty: "HP LaserJet", rp: "printers/laser" })));
    expect(Object.values(seen).some((one) => one.type === "printer")).toBe(false);
  });

  it("is not led astray by names of the language", () => {
    expect(told({ ...offer(instance("__proto__._tcp", {}), instance("_constructor._tcp", {})), hostname: "" })).toEqual(
      {
        "mdns.address": expect.anything(),
      },
    );
  });

  it("lets no heap of generic hints outvote a kind", () => {
    const seen = told(offer(instance("_esphomelib._tcp", { platform: "ESP8266" }), instance("_hap._tcp", { ci: "7" })));
    const generic = Object.values(seen).filter((one) => one.type === "iot");
    expect(generic.reduce((doubt, one) => doubt * (1 - one.weight), 1)).toBeGreaterThan(0.5);
    expect(seen["mdns.txt._hap"]).toMatchObject({ type: "plug", weight: 0.8 });
  });

  it("knows services without TXT", () => {
    expect(told({ ...answer, services: ["_sonos._tcp"] })["mdns.service._sonos"]).toMatchObject({
      vendor: "Sonos",
      type: "speaker",
    });
  });
});
