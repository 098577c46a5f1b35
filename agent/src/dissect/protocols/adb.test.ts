import { describe, expect, it } from "vitest";
import { guarded, open, samples } from "../../../test/props/samples/adb.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike } from "../../../test/props/stream-drive.ts";
import { adb } from "./adb.ts";

describe("adb", () => {
  it("tells a device that anybody may command", () => {
    const told = drive(adb, open);
    expect(told.logins).toMatchObject([{ service: "adb", outcome: "success", isEmpty: true }]);
    expect(told.events).toEqual([
      { kind: "connect", identity: "device::ro.product.name=tv;ro.product.model=Stick;", wasAuthenticated: false },
      { kind: "open", service: "shell", command: "cd" },
    ]);
  });

  it("tells a device that asked for a key", () => {
    expect(drive(adb, guarded).logins).toMatchObject([{ outcome: "success", isEmpty: false, isClearText: false }]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(adb, samples);
    expectNoiseHarmless(adb, samples);
  });
});
