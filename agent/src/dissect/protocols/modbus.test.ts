import { describe, expect, it } from "vitest";
import { samples } from "../../../test/props/samples/modbus.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike } from "../../../test/props/stream-drive.ts";
import { modbus } from "./modbus.ts";

describe("modbus", () => {
  it("tells each function once, writes and refusals by name", () => {
    expect(drive(modbus, samples[0]!).events).toEqual([
      { unit: 1, function: 3, isWrite: false, isException: false, address: 100 },
      { unit: 1, function: 3, isWrite: false, isException: false },
      { unit: 1, function: 6, isWrite: true, isException: false, address: 7 },
      { unit: 1, function: 6, isWrite: true, isException: true },
    ]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(modbus, samples);
    expectNoiseHarmless(modbus, samples);
  });
});
