import { describe, expect, it } from "vitest";
import { applicationOfAddress } from "./addresses.ts";

const appOf = (address: string, port = 443, isCall = false) => applicationOfAddress(address, port, isCall)?.app;

describe("applicationOfAddress", () => {
  it("finds the block, from its first address to its last", () => {
    expect(appOf("149.154.160.0")).toBe("Telegram");
    expect(appOf("149.154.175.255")).toBe("Telegram");
    expect(appOf("149.154.176.0")).toBeUndefined();
    expect(appOf("149.154.159.255")).toBeUndefined();
    expect(appOf("2a03:2880:f12f:83:face:b00c:0:25de")).toBe("Facebook");
    expect(appOf("2a03:2881::1")).toBeUndefined();
  });

  it("names calls apart, and Apple's push by its ports", () => {
    expect(appOf("91.108.9.35", 1400, true)).toBe("TelegramVoip");
    expect(appOf("17.57.146.1", 5223)).toBe("ApplePush");
    expect(appOf("17.57.146.1")).toBe("Apple");
  });

  it("says nothing of homes, of clouds and of what is no address", () => {
    for (const address of ["192.168.1.1", "52.1.2.3", "104.16.0.1", "fe80::1", "", "router"])
      expect(appOf(address)).toBeUndefined();
  });
});
