import fc from "fast-check";
import { expect, test } from "vitest";
import { HelloFingerprints } from "./hello-fingerprints.ts";
import { ja3Of, ja3sOf } from "./ja3.ts";
import { ja4Of } from "./ja4.ts";
import type { ClientHello, ServerHello } from "./tls-hello.ts";

const list = fc.array(fc.constantFrom(0x0a0a, 0x1a1a, 0x1301, 0x1302, 0, 16, 43, 0xfe0d), { maxLength: 6 });
const client: fc.Arbitrary<ClientHello> = fc.record({
  legacyVersion: fc.constantFrom(0x0303, 0x0301),
  versions: fc.constantFrom([], [0x0304], [0x1a1a, 0x0304, 0x0303]),
  ciphers: list,
  extensions: list,
  groups: list,
  pointFormats: fc.array(fc.nat(3), { maxLength: 2 }),
  signatureAlgorithms: list,
  alpns: fc.constant([]),
  alpnFirst: fc.constantFrom(-1, 0x68),
  alpnLast: fc.constantFrom(-1, 0x32),
  sni: fc.constant(""),
  hasSni: fc.boolean(),
  hasEch: fc.boolean(),
  sessionId: fc.constant(new Uint8Array(0)),
});

test("are those that are computed, whatever was asked before", () => {
  const kept = new HelloFingerprints();
  fc.assert(
    fc.property(client, fc.constantFrom("t" as const, "q" as const, "d" as const), (hello, carrier) => {
      for (let times = 0; times < 2; times++) {
        const { ja3, ja4 } = kept.client(hello, carrier);
        expect(ja3).toEqual(ja3Of(hello));
        expect(ja4).toBe(ja4Of(hello, carrier));
      }
    }),
    { numRuns: 500 },
  );
});

test("of a server, too", () => {
  const kept = new HelloFingerprints();
  fc.assert(
    fc.property(fc.constantFrom(0x0303, 0x0301), fc.nat(3), list, (legacyVersion, cipher, extensions) => {
      const hello = { legacyVersion, cipher, extensions } as unknown as ServerHello;
      expect(kept.server(hello)).toEqual(ja3sOf(hello));
    }),
  );
});

test("a hello of the longest lists is computed without a fault", () => {
  const long = Array.from({ length: 512 }, (_, i) => i);
  const hello = {
    legacyVersion: 1,
    versions: [],
    ciphers: long,
    extensions: long,
    groups: long,
    pointFormats: long,
    signatureAlgorithms: long,
    alpnFirst: -1,
    alpnLast: -1,
    hasSni: true,
    hasEch: false,
  } as unknown as ClientHello;
  expect(new HelloFingerprints().client(hello, "t").ja4).toBe(ja4Of(hello, "t"));
});
