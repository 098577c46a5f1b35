import fc from "fast-check";
import { expect, test } from "vitest";
import { CryptoStream } from "./quic-crypto-stream.ts";

/** A CRYPTO frame (RFC 9000 §19.6) with two-octet varints. */
const frame = (offset: number, octets: readonly number[]): number[] => [
  6,
  0x40 | (offset >> 8),
  offset & 0xff,
  0x40 | (octets.length >> 8),
  octets.length & 0xff,
  ...octets,
];

test("puts pieces in order, however they are cut, shuffled and repeated", () => {
  const piece = fc.tuple(fc.nat(299), fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), (pieces) => {
      const whole = Array.from({ length: 300 }, (_, i) => (i * 7 + 1) & 0xff);
      const stream = new CryptoStream();
      const there = new Set<number>();
      for (const [from, size] of pieces) {
        const part = whole.slice(from, from + size);
        expect(stream.takeFrames(Uint8Array.from(frame(from, part)))).toBe(true);
        for (let i = 0; i < part.length; i++) there.add(from + i);
        let length = 0;
        while (there.has(length)) length++;
        expect(stream.length).toBe(length);
        expect([...stream.octets.subarray(0, length)]).toEqual(whole.slice(0, length));
      }
    }),
  );
});
