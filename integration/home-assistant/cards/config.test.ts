import { expect, test } from "vitest";
import { choiceOption, commonConfig, configForm, countOption, flagOption } from "./config.ts";

test("says which option is wrong, and what it may be", () => {
  expect(() => countOption({ max_rows: 0 }, "max_rows", 1, 64)).toThrow("max_rows must be a whole number from 1 to 64");
  expect(() => countOption({ max_rows: "8" }, "max_rows", 1, 64)).toThrow("max_rows");
  expect(() => flagOption({ show: "yes" }, "show")).toThrow("show must be true or false");
  expect(() => choiceOption({ sort: "size" }, "sort", ["risk", "name"])).toThrow("sort must be one of risk, name");
  expect(() => commonConfig({ type: "x", agent: 4 })).toThrow("agent must be a text");
});

test("what is empty in the editor counts as not given", () => {
  expect(commonConfig({ type: "custom:x", agent: "", title: null })).toEqual({ type: "custom:x" });
  expect(countOption({ max_rows: 3 }, "max_rows", 1, 64)).toBe(3);
});

test("the editor has a label for each field, and gives way to YAML for what is wrong", () => {
  const form = configForm({ max_rows: { label: "Rows", selector: { number: {} } } }, (raw) =>
    countOption(raw, "max_rows", 1, 64),
  );
  expect(form.schema.map(({ name }) => name)).toEqual(["agent", "title", "max_rows"]);
  const labels = form.schema.map(({ name }) => form.computeLabel({ name: String(name) }));
  expect(labels).toEqual(["Lanwarden", "Title", "Rows"]);
  expect(() => form.assertConfig({ max_rows: -1 })).toThrow("max_rows");
  expect(() => form.assertConfig({ max_rows: 5 })).not.toThrow();
});
