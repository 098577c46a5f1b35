import { describe, expect, it } from "vitest";
import { samples } from "../../../test/props/samples/esphome.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike, testFlow } from "../../../test/props/stream-drive.ts";
import { esphome } from "./esphome.ts";

describe("esphome", () => {
  it("reads what a device in clear says of itself", () => {
    expect(drive(esphome, samples[0]!).events).toEqual([
      { message: "client hello", name: "Home Assistant 2026.1" },
      { message: "hello", firmware: "porch (esphome v2025.12.1)", name: "porch" },
      {
        message: "device info",
        name: "porch",
        mac: "ac:67:b2:00:11:22",
        firmware: "2025.12.1",
        model: "esp32dev",
        vendor: "Espressif",
      },
    ]);
  });

  it("reads name and MAC before the encryption begins", () => {
    expect(drive(esphome, samples[1]!).events).toEqual([
      { message: "hello", name: "porch", mac: "ac:67:b2:00:11:22", detail: "encrypted" },
    ]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expect(testFlow.proto).toBe("TCP");
    expectSplitsAlike(esphome, samples);
    expectNoiseHarmless(esphome, samples);
  });
});
