import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotTable } from "./slot-table.ts";

const word = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }));

test("numbers keys as a map does, until it is full", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 60 }), fc.integer(), (keys, seed) => {
      const table = new SlotTable(16, seed);
      const model = new Map<string, number>();
      for (const [high, low] of keys) {
        const key = `${high} ${low}`;
        if (!model.has(key) && model.size < 16) model.set(key, model.size);
        expect(table.take(high, low)).toBe(model.get(key) ?? -1);
      }
      expect(table.size).toBe(model.size);
      for (const [key, slot] of model) expect(`${table.high(slot)} ${table.low(slot)}`).toBe(key);
    }),
  );
});
