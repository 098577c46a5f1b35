import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { SsdpEvent } from "../../dissect/protocols/ssdp.ts";
import { ssdp } from "./ssdp.ts";

const notify: SsdpEvent = {
  kind: "notify",
  target: "upnp:rootdevice",
  subtype: "ssdp:alive",
  vendorFields: {},
  length: 300,
};
const told = (event: Partial<SsdpEvent>) =>
  Object.fromEntries(observed(ssdp, "ssdp", { ...notify, ...event }).map((seen) => [seen.source, seen]));

describe("ssdp", () => {
  it.each([
    [
      "FRITZ!Box 7590 UPnP/1.0 AVM FRITZ!Box 7590 154.07.57",
      { vendor: "AVM", model: "FRITZ!Box 7590", firmware: "154.07.57", type: "router" },
    ],
    ["Hue/1.0 UPnP/1.0 IpBridge/1.54.0", { type: "hub", firmware: "1.54.0" }],
    [
      "Linux UPnP/1.0 Sonos/70.3-35220 (ZPS18)",
      { vendor: "Sonos", model: "S18", firmware: "70.3-35220", type: "speaker" },
    ],
    ["Synology/DSM/192.168.1.5", { vendor: "Synology", type: "nas" }],
    ["Linux/3.10.0 UPnP/1.0 IPCamera/1.0", { type: "camera" }],
    ["Roku UPnP/1.0 Roku/9.1.0", { vendor: "Roku", firmware: "9.1.0" }],
    ["Roku/9.3.0 UPnP/1.0 Roku/9.3.0", { vendor: "Roku", firmware: "9.3.0" }],
    ["Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0", { os: "Windows", type: "computer" }],
  ])("reads the server %s", (server, facts) => {
    expect(told({ server })["ssdp.server"]).toMatchObject(facts);
  });

  it("does not take an address for a version", () => {
    expect(told({ server: "Synology/DSM/192.168.1.5" })["ssdp.server"]).not.toHaveProperty("firmware");
  });

  it("knows what announces itself as a gateway", () => {
    const target = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
    expect(told({ target })["ssdp.target.router"]).toMatchObject({ type: "router", ip: "192.168.1.20" });
  });

  it("does not take one who looks for a gateway for one", () => {
    const { subtype: _, ...rest } = notify;
    const target = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
    expect(observed(ssdp, "ssdp", { ...rest, kind: "search", target })).toEqual([]);
  });

  it("believes no announcement made for another address", () => {
    expect(told({ server: "Hue/1.0 UPnP/1.0 IpBridge/1.54.0", location: "http://192.168.1.77:80/d.xml" })).toEqual({});
  });
});
