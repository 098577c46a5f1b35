import fc from "fast-check";
import { expect, test } from "vitest";
import { SuffixTable } from "./suffix-table.ts";

test("finds the longest suffix of whole labels", () => {
  const table = new SuffixTable([
    ["example.com", 1],
    ["mail.example.com", 2],
    ["net", 3],
  ]);
  expect(table.find("example.com")).toBe(1);
  expect(table.find("a.b.mail.example.com")).toBe(2);
  expect(table.find("xmail.example.com")).toBe(1);
  expect(table.find("notexample.com")).toBeUndefined();
  expect(table.find("some.net")).toBe(3);
  expect(table.find("")).toBeUndefined();
});

test("agrees with a look at every end of the name", () => {
  const label = fc.stringMatching(/^[a-c]{1,2}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 40 }), name, (suffixes, asked) => {
      const table = new SuffixTable(suffixes.map((suffix, i) => [suffix, i] as const));
      const known = suffixes
        .filter((suffix) => asked === suffix || asked.endsWith(`.${suffix}`))
        .sort((a, b) => b.length - a.length)[0];
      expect(table.find(asked)).toBe(known === undefined ? undefined : suffixes.indexOf(known));
    }),
  );
});
