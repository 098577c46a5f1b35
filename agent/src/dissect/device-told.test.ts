import { describe, expect, it } from "vitest";
import { deviceTold } from "./device-told.ts";

describe("what a device tells", () => {
  it("keeps texts and numbers, leaves out what is empty or of another kind", () => {
    expect(deviceTold("hello", { model: 7, name: "", firmware: null, vendor: ["x"], deviceId: "a1" })).toEqual({
      message: "hello",
      model: "7",
      deviceId: "a1",
    });
  });

  it("writes a MAC one way", () => {
    expect(deviceTold("x", { mac: "A8-BB-50-00-11-22" }).mac).toBe("a8:bb:50:00:11:22");
    expect(deviceTold("x", { mac: "a8bb.5000.1122" }).mac).toBe("a8:bb:50:00:11:22");
    expect(deviceTold("x", { mac: "none" }).mac).toBe("none");
  });

  it("cuts long texts and takes controls out", () => {
    const { name } = deviceTold("x", { name: `a\u001b[31m\u202e${"b".repeat(500)}` });
    expect(name).toHaveLength(64);
    expect(name?.startsWith("a[31mb")).toBe(true);
  });
});
