import { describe, expect, it } from "vitest";
import { ja3Of } from "./ja3.ts";
import { ja4Of } from "./ja4.ts";
import type { ClientHello } from "./tls-hello.ts";

/** The example of FoxIO's description of JA4: Chrome on TCP. */
const chrome: ClientHello = {
  legacyVersion: 0x0303,
  versions: [0x6a6a, 0x0304, 0x0303],
  ciphers: [
    0x9a9a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
    0x002f, 0x0035,
  ],
  extensions: [
    0xdada, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01,
    0x000b, 0x000a, 0x0015, 0xfafa,
  ],
  groups: [0x2a2a, 29, 23, 24],
  pointFormats: [0],
  signatureAlgorithms: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
  alpns: ["h2", "http/1.1"],
  alpnFirst: 0x68,
  alpnLast: 0x32,
  sni: "example.org",
  hasSni: true,
  hasEch: false,
  sessionId: new Uint8Array(32),
};

describe("ja4Of", () => {
  it("gives the published value", () => {
    expect(ja4Of(chrome, "t")).toBe("t13d1516h2_8daaf6152771_e5627efa2ab1");
  });

  it("tells the carrier, the version without the extension, and a missing name", () => {
    expect(ja4Of({ ...chrome, versions: [], hasSni: false }, "q").slice(0, 4)).toBe("q12i");
    expect(ja4Of({ ...chrome, versions: [], legacyVersion: 0xfefd }, "d").slice(0, 3)).toBe("dd2");
    // DTLS counts down: 1.3 is 0xfefc.
    expect(ja4Of({ ...chrome, versions: [0xfefd, 0xfefc], legacyVersion: 0xfefd }, "d").slice(0, 3)).toBe("dd3");
    expect(ja4Of({ ...chrome, versions: [], legacyVersion: 0x0700 }, "t").slice(0, 3)).toBe("t00");
  });

  it("writes ALPN by its first and last character, in hexadecimal when one is neither letter nor digit", () => {
    const alpn = (first: number, last: number): string =>
      ja4Of({ ...chrome, alpnFirst: first, alpnLast: last }, "t").slice(8, 10);
    expect(alpn(0x68, 0x31)).toBe("h1");
    expect(alpn(0xab, 0xab)).toBe("ab");
    expect(alpn(0xab, 0xcd)).toBe("ad");
    expect(alpn(0x30, 0xab)).toBe("3b");
    expect(alpn(0x61, 0x61)).toBe("aa");
    expect(alpn(-1, -1)).toBe("00");
  });

  it("stops counting at 99 and hashes nothing as zeros", () => {
    const ciphers = Array.from({ length: 120 }, (_, i) => 0xc000 + i);
    expect(ja4Of({ ...chrome, ciphers }, "t").slice(4, 6)).toBe("99");
    const bare = { ...chrome, ciphers: [], extensions: [0], signatureAlgorithms: [] };
    expect(ja4Of(bare, "t")).toBe("t13d0001h2_000000000000_000000000000");
  });

  it("leaves GREASE out of JA3 too", () => {
    expect(ja3Of(chrome).string).toBe(
      "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53," +
        "27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0",
    );
    expect(ja3Of(chrome).hash).toMatch(/^[0-9a-f]{32}$/);
  });
});
