import { describe, expect, it } from "vitest";
import { samples } from "../../../test/props/samples/modbus.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike, hex } from "../../../test/props/stream-drive.ts";
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

  it("reads who a device says it is, and names SunSpec by its map", () => {
    // Identification of unit 1, basic: vendor "SMA", product "STP", revision "1.0"; then register 40000, which holds "SunS".
    const identification = hex("0001 0000 0017 01 2b 0e 01 01 00 00 03 00 03 534d41 01 03 535450 02 03 312e30");
    const told = drive(modbus, [
      { toServer: false, octets: identification },
      { toServer: false, octets: hex("0002 0000 0007 01 03 04 53756e53") },
    ]);
    expect(told.events[0]).toMatchObject({ function: 43, vendor: "SMA", product: "STP", version: "1.0" });
    expect(told.labels).toEqual([{ app: "SunSpec" }]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(modbus, samples);
    expectNoiseHarmless(modbus, samples);
  });
});
