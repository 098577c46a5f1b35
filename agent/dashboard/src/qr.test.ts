import { encode } from "uqr";
import { expect, test } from "vitest";
import { QUIET_ZONE, qrPath } from "./qr.ts";

const CODE = "MT:Y.K9042C00KA0648G00";

test("the path draws every dark module once and leaves the quiet zone white", () => {
  const code = qrPath(CODE);
  const drawn = new Set<string>();
  for (const [, x, y, width] of code?.path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g) ?? []) {
    for (let dx = 0; dx < Number(width); dx++) drawn.add(`${Number(x) + dx} ${y}`);
  }
  const { data, size } = encode(CODE, { ecc: "M", border: 0 });
  expect(code?.size).toBe(size + 2 * QUIET_ZONE);
  const dark = data.flatMap((line, y) => line.flatMap((on, x) => (on ? [`${x + QUIET_ZONE} ${y + QUIET_ZONE}`] : [])));
  expect([...drawn].sort()).toEqual(dark.sort());
});

test("what is no pairing code gives none", () => {
  expect(qrPath("")).toBeUndefined();
  expect(qrPath("M".repeat(301))).toBeUndefined();
});
