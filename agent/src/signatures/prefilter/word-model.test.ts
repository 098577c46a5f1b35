import { describe, expect, test } from "vitest";
import type { Pattern } from "./pattern.ts";
import { chooseWords, foldedWord } from "./word-choice.ts";
import { WordModel } from "./word-model.ts";

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const rate = (model: WordModel, text: string): number => model.rate(ascii(text), 0, text.length);
const chosen = (text: string, model = WordModel.typical()): string => {
  const kind = { minOctets: 7, width: 4, step: 4 };
  const first = chooseWords([{ id: 1, octets: ascii(text) }], kind, model)[0] ?? 0;
  return text.slice(first, first + 7);
};

describe("model of words in traffic", () => {
  test("rates what everything is full of far above what is rare", () => {
    const model = WordModel.typical();
    const rates = ["\0\0\0\0", "HTTP", "qjxz"].map((text) => rate(model, text));
    expect(rates[0]).toBeGreaterThan(rates[1]! * 3);
    expect(rates[1]).toBeGreaterThan(rates[2]! * 1000);
    expect(rate(model, "http")).toBe(rate(model, "HTTP"));
    expect(rate(model, "1970")).toBe(rate(model, "2468"));
  });

  test("gives a chance for every word, also without a sample", () => {
    for (const model of [WordModel.typical(), new WordModel()])
      for (const text of ["\x00\x81\xfe\x7f", "a", "\xff\xfe"]) {
        expect(rate(model, text)).toBeGreaterThan(0);
        expect(rate(model, text)).toBeLessThanOrEqual(1);
      }
  });

  test("learns from a sample", () => {
    const model = WordModel.typical();
    const before = rate(model, "qjxz");
    model.add(ascii("qjxz".repeat(100)), 0, 400, 10);
    expect(rate(model, "qjxz")).toBeGreaterThan(before * 1000);
  });
});

describe("choice of words", () => {
  test("avoids what is common", () => {
    expect(chosen("User-Agent: qjxzvkq")).toBe("qjxzvkq");
    expect(chosen("\0\0\0\0\0\0\0\x9d\x13\xe7\xb1\x8c\xf9\x95")).toBe("\x9d\x13\xe7\xb1\x8c\xf9\x95");
    const trained = WordModel.typical();
    trained.add(ascii("qjxzvkq".repeat(5000)), 0, 35_000, 10);
    expect(chosen("User-Agent: qjxzvkqbravo", trained)).not.toBe("qjxzvkq");
  });

  test("spreads patterns that share words", () => {
    const patterns = Array.from({ length: 500 }, (_, id): Pattern => {
      const number = String(id).padStart(3, "0");
      return { id, octets: ascii(`zqxvkjw-common-part-${number}-${number}-tail`) };
    });
    const kind = { minOctets: 7, width: 4, step: 4 };
    const first = chooseWords(patterns, kind, WordModel.typical());
    const sharers = new Map<number, number>();
    for (const [i, { octets }] of patterns.entries())
      for (let k = 0; k < 4; k++) {
        const word = foldedWord(octets, first[i]! + k, 4);
        sharers.set(word, (sharers.get(word) ?? 0) + 1);
      }
    expect(Math.max(...sharers.values())).toBeLessThan(60);
  });
});
