import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIpv4, formatIpv6, formatMac, parseIpv4, parseIpv6, parseNetwork, textInNetworks } from "./ip.ts";

describe("addresses", () => {
  test("IPv4 goes to a word and back, and agrees with Node on what is one", () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const word = parseIpv4(text);
        expect(word).toBeDefined();
        expect(formatIpv4(word ?? 0)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.x: "), maxLength: 18 }), (text) => {
        // Leading zeros are refused by Node and read as decimal here.
        if (!/(^|\.)0\d/.test(text)) expect(parseIpv4(text) !== undefined).toBe(isIPv4(text));
      }),
    );
  });

  test("IPv6 goes to words and back in the form of RFC 5952", () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const words = parseIpv6(text);
        expect(words).toBeDefined();
        if (!words) return;
        const shown = formatIpv6(...words);
        expect(isIPv6(shown)).toBe(true);
        expect(parseIpv6(shown)).toEqual(words);
      }),
    );
    expect(formatIpv6(...(parseIpv6("2001:DB8:0:0:1:0:0:1") ?? [0, 0, 0, 0]))).toBe("2001:db8::1:0:0:1");
    expect(formatIpv6(0, 0, 0, 1)).toBe("::1");
    expect(parseIpv6("1::2::3")).toBeUndefined();
    expect(parseIpv6("12345::")).toBeUndefined();
  });

  test("networks hold what their prefix says, and errors name the text", () => {
    const networks = ["192.168.1.0/24", "fd00::/8", "203.0.113.7"].map(parseNetwork);
    expect(["192.168.1.255", "fdab::1", "203.0.113.7"].map((ip) => textInNetworks(networks, ip))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["192.168.2.1", "fe80::1", "203.0.113.8", "x"].map((ip) => textInNetworks(networks, ip))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(() => parseNetwork("10.0.0.0/")).toThrow(/"10\.0\.0\.0\/" is not a network/);
  });

  test("MACs are lower case", () => expect(formatMac(0xec71db, 0x005301)).toBe("ec:71:db:00:53:01"));
});
