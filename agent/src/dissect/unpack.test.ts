import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpack, unpackContent } from "./unpack.ts";

const text = Buffer.from(Array.from({ length: 900 }, (_, i) => `<li>${(i * 7919) % 1000}</li>`).join("\n"));
const packers = {
  gzip: gzipSync,
  deflate: deflateSync,
  raw: deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;
const codings = Object.keys(packers) as (keyof typeof packers)[];

describe("unpack", () => {
  it.each(codings)("gives back what was packed with %s, and the beginning of what is cut", (coding) => {
    const packed = packers[coding](text);
    expect(Buffer.from(unpack(coding, packed).octets)).toEqual(text);
    for (const length of [0, 1, 5, 40, packed.length >> 1, packed.length - 1]) {
      const { octets, isBomb, isBad } = unpack(coding, packed.subarray(0, length));
      expect({ isBomb, isBad }).toEqual({ isBomb: false, isBad: false });
      expect(text.subarray(0, octets.length).equals(octets)).toBe(true);
    }
  });

  it("reads deflate without its wrapper too", () => {
    expect(Buffer.from(unpackContent("deflate", deflateRawSync(text)).octets)).toEqual(text);
    expect(Buffer.from(unpackContent("x-gzip", gzipSync(text)).octets)).toEqual(text);
  });

  it.each(codings)("stops a bomb packed with %s early", (coding) => {
    const packed = packers[coding](Buffer.alloc(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    const { octets, isBomb } = unpack(coding, packed.subarray(0, 8192));
    expect(isBomb).toBe(true);
    expect(octets.length).toBeLessThanOrEqual(65_536);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it("does not call long text a bomb", () => {
    const pages = Buffer.from("<td>&nbsp;</td><td>&nbsp;</td>\n".repeat(40_000));
    const lines = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `{"id":${i},"state":"off"}`).join(","));
    expect(unpack("gzip", gzipSync(lines).subarray(0, 8192))).toMatchObject({ isBomb: false, isBad: false });
    expect(unpack("gzip", gzipSync(lines).subarray(0, 8192)).octets.length).toBeGreaterThan(8192);
    expect(unpack("gzip", gzipSync(pages).subarray(0, 300)).isBad).toBe(false);
  });

  it("takes off two codings, and no more", () => {
    expect(Buffer.from(unpackContent("deflate, gzip", gzipSync(deflateSync(text))).octets)).toEqual(text);
    expect(unpackContent("gzip, gzip, gzip", text).isBad).toBe(true);
    expect(unpackContent("identity", text).octets).toBe(text);
    expect(unpackContent("aes128gcm", text).octets).toBe(text);
  });

  it("takes noise in good part", () => {
    fc.assert(
      fc.property(fc.constantFrom(...codings), fc.uint8Array({ maxLength: 200 }), fc.nat(60), (coding, noise, at) => {
        unpack(coding, noise);
        const packed = Uint8Array.from(packers[coding](text));
        packed.set(noise.subarray(0, 20), at);
        expect(unpack(coding, packed).octets.length).toBeLessThanOrEqual(65_536);
      }),
      { numRuns: 100 },
    );
  });
});
