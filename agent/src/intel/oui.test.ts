import { describe, expect, test } from "vitest";
import { brandName, OuiTable } from "./oui.ts";

describe("vendor by MAC", () => {
  const table = new OuiTable();
  test.each([
    ["ec:71:db:00:53:01", "Reolink"],
    ["b8:27:eb:00:00:01", "Raspberry Pi"],
    ["a4:cf:12:00:00:01", "Espressif"],
    ["3c:06:30:10:b0:9d", "Apple"],
  ])("%s is %s", (mac, vendor) => expect(table.vendor(mac)).toBe(vendor));

  test("randomised, multicast and short addresses have none", () => {
    expect(table.vendor("02:00:00:00:00:01")).toBeUndefined();
    expect(table.vendor("da:a1:19:00:00:01")).toBeUndefined();
    expect(table.vendor("01:00:5e:00:00:fb")).toBeUndefined();
    expect(table.vendor("b8:27")).toBeUndefined();
  });

  test("the longest assignment wins", () => {
    // 8C:1F:64 belongs to the registration authority, which hands out 36-bit parts of it.
    expect(table.vendor("8c:1f:64:00:00:01")).not.toMatch(/registration authority/i);
  });
});

test("legal forms are dropped, brands are named as people know them", () => {
  expect(brandName("Hangzhou Hikvision Digital Technology Co.,Ltd.")).toBe("Hikvision");
  expect(brandName("Dyson Limited")).toBe("Dyson");
  expect(brandName("XEROX CORPORATION")).toBe("Xerox");
  expect(brandName("3Com")).toBe("3Com");
});
