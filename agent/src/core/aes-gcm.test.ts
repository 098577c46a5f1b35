import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Aes128, AesGcmOpener } from "./aes-gcm.ts";
import { u32 } from "./bytes.ts";

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

function seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-128-gcm", key, nonce).setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

test("a block is encrypted as FIPS 197 appendix B has it", () => {
  const aes = new Aes128();
  aes.key(Buffer.from("2b7e151628aed2a6abf7158809cf4f3c", "hex"), 0);
  const plain = Buffer.from("3243f6a8885a308d313198a2e0370734", "hex");
  const block = Int32Array.from([0, 4, 8, 12], (off) => u32(plain, off));
  aes.encrypt(block, 0);
  const hex = [...block].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  expect(hex).toBe("3925841d02dc09fbdc118597196a0b32");
});

test("opens what the library seals, whatever the lengths", () => {
  const opener = new AesGcmOpener();
  fc.assert(
    fc.property(
      octets(16),
      octets(12),
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(5),
      (key, nonce, associated, plain, before) => {
        const sealed = Buffer.concat([Buffer.alloc(before, 7), seal(key, nonce, associated, plain), Buffer.from([9])]);
        const out = new Uint8Array(plain.length);
        expect(opener.open(key, nonce, associated, sealed, before, sealed.length - 1, out)).toBe(plain.length);
        expect(out).toEqual(plain);
      },
    ),
  );
});

test("one changed bit anywhere, or a message that is too short, opens nothing", () => {
  const opener = new AesGcmOpener();
  fc.assert(
    fc.property(
      octets(16),
      octets(12),
      octets(20),
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc.nat(),
      (key, nonce, associated, plain, n) => {
        const sealed = seal(key, nonce, associated, plain);
        const bit = n % (sealed.length * 8);
        sealed[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(opener.open(key, nonce, associated, sealed, 0, sealed.length, new Uint8Array(plain.length))).toBe(-1);
        expect(opener.open(key, nonce, associated, sealed, 0, Math.min(15, sealed.length), new Uint8Array(9))).toBe(-1);
      },
    ),
  );
});
