import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INCIDENT_KINDS, SEVERITIES } from "@lanwarden/contract/kinds";
import { expect, test } from "vitest";
import type { AnyDetection } from "../../src/detect/define.ts";
import { detections } from "../../src/detect/registry.gen.ts";

const all = detections as readonly AnyDetection[];
const docs = join(import.meta.dirname, "../../../docs/detections");

test("ids and signature ids are unique", () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ signatureId }) => signatureId)).size).toBe(all.length);
});

test.for(all)("$id keeps the rules of a detection", (detection) => {
  expect(detection.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(detection.signatureId).toBeGreaterThanOrEqual(7_700_000);
  expect(detection.signatureId).toBeLessThan(7_800_000);
  expect(INCIDENT_KINDS).toContain(detection.kind);
  expect(SEVERITIES).toContain(detection.severity);
  expect(detection.quietSeconds).toBeGreaterThanOrEqual(60);
  expect(detection.attack.length).toBeGreaterThan(0);
  for (const { tactic, technique } of detection.attack) {
    expect(tactic).toMatch(/^TA\d{4}$/);
    expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
  }
  expect(detection.advice.length).toBeGreaterThan(0);
  for (const sentence of detection.advice) expect(sentence).toMatch(/^[A-Z].*[.!]$/);
  for (const value of Object.values(detection.defaults)) expect(Number.isFinite(value)).toBe(true);
  for (const name of Object.keys(detection.defaults)) expect(name).toMatch(/^[a-z][a-zA-Z0-9]*$/);
  expect(() => detection.state(detection.defaults)).not.toThrow();
});

test.for(all)("$id has its page, which names its id and each threshold", ({ id, kind, defaults }) => {
  const page = join(docs, `${kind}.md`);
  expect(existsSync(page), `docs/detections/${kind}.md is missing`).toBe(true);
  const text = readFileSync(page, "utf8");
  expect(text).toContain(`\`${id}\``);
  for (const [name, value] of Object.entries(defaults)) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${name}\``));
    expect(row, `${kind}.md does not explain ${name}`).toBeDefined();
    expect(row?.split("|")[2]?.trim().replaceAll(",", "")).toBe(String(value));
  }
});
