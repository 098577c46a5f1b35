import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HmacSha256, SHA256_LENGTH } from "./sha256.ts";

test("is the same as the library's for all keys up to a block and all messages", () => {
  const hmac = new HmacSha256();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 300 }), (key, message) => {
      const out = new Uint8Array(SHA256_LENGTH + 3);
      hmac.key(key, 0, key.length);
      hmac.code(message, out, 3);
      expect(Buffer.from(out.subarray(3)).toString("hex")).toBe(
        createHmac("sha256", key).update(message).digest("hex"),
      );
    }),
  );
});

test("one key serves several messages, of lengths around the ends of blocks too", () => {
  const hmac = new HmacSha256();
  const key = Uint8Array.from([1, 2, 3]);
  hmac.key(key, 0, 3);
  for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128]) {
    const message = new Uint8Array(length).fill(length);
    const out = new Uint8Array(SHA256_LENGTH);
    hmac.code(message, out, 0);
    expect(Buffer.from(out).toString("hex")).toBe(createHmac("sha256", key).update(message).digest("hex"));
  }
});
