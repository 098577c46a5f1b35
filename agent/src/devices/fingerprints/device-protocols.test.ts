import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import { deviceProtocols } from "./device-protocols.ts";

describe("device protocols", () => {
  it("takes model, firmware and kind of who says so", () => {
    const seen = observed(deviceProtocols, "hikvision-sadp", {
      message: "match",
      vendor: "Hikvision",
      model: "DS-2CD2142FWD-I",
      firmware: "V5.4.5",
    });
    expect(seen).toEqual([
      {
        ip: "192.168.1.20",
        mac: "3c:06:30:aa:bb:cc",
        vendor: "Hikvision",
        model: "DS-2CD2142FWD-I",
        firmware: "V5.4.5",
        type: "camera",
        weight: 0.7,
        evidence: "hikvision-sadp message says DS-2CD2142FWD-I",
        source: "told.hikvision-sadp",
      },
    ]);
  });

  it("lets a plug be a thing, weakly, and keeps its maker", () => {
    const seen = observed(deviceProtocols, "tuya", { message: "announce", vendor: "Tuya", deviceId: "bf01" });
    expect(seen.map(({ type, vendor, weight }) => ({ type, vendor, weight }))).toEqual([
      { type: "iot", vendor: undefined, weight: 0.25 },
      { type: undefined, vendor: "Tuya", weight: 0.7 },
    ]);
  });

  it("takes the host's name where the protocol has it", () => {
    const told = { message: "hello", name: "porch", mac: "ac:67:b2:00:11:22" };
    expect(observed(deviceProtocols, "esphome", told, { toServer: true }).at(-1)).toMatchObject({ hostname: "porch" });
  });

  it("takes nobody who asks for what he asks for, and nobody from outside", () => {
    expect(observed(deviceProtocols, "yeelight", { message: "toggle" })).toEqual([]);
    expect(observed(deviceProtocols, "wsd", { message: "Probe", detail: "dn:NetworkVideoTransmitter" })).toEqual([]);
    const told = { message: "match", vendor: "Dahua", model: "IPC" };
    expect(observed(deviceProtocols, "dahua", told, { flow: { clientIp: "198.51.100.7" } })).toEqual([]);
  });
});
