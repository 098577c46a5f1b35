import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openBackends } from "../../src/app/backends.ts";
import { parseConfig } from "../../src/app/config.ts";
import { Policy } from "../../src/respond/policy.ts";
import { deviceAt, incidentOf } from "./house.ts";

const guide = readFileSync(new URL("../../../docs/guides/isolation.md", import.meta.url), "utf8");
const samples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)]
  .map(([, text = ""]) => text)
  .filter((text) => /^response:/m.test(text));

test("the guide has samples", () => {
  expect(samples.length).toBeGreaterThanOrEqual(5);
});

test.each(samples)("a sample of the guide is a good configuration: %s", (text) => {
  const whole = `sources: [{ type: file, path: x.pcap }]\n${text.replace(/token_file: [^ }]+/, "token: x")}`;
  const { response } = parseConfig(whole, "lanwarden.yaml");
  const backends = openBackends(response.backends, "lanwarden.yaml", {
    homeAssistant: undefined,
    warn: () => undefined,
  });
  expect(backends).toHaveLength(response.backends.length);
});

test("its rules do what it says", () => {
  const rules = parseConfig(
    `sources: [{ type: file, path: x.pcap }]\n${samples.find((text) => text.includes("policy:"))}`,
    "lanwarden.yaml",
  ).response.policy;
  const policy = new Policy(rules);
  const noon = new Date(2026, 10, 27, 12).getTime();
  const night = new Date(2026, 10, 27, 23).getTime();
  const laptop = deviceAt(1, { name: "Work laptop", type: "computer" });
  const camera = deviceAt(2, { type: "camera" });
  const phone = deviceAt(3, { type: "phone" });
  const did = (device: typeof phone, at: number, severity: "medium" | "high" = "high") =>
    policy.decide(incidentOf("i", device, { severity }), device, at).do;
  expect(did(laptop, night)).toBe("nothing");
  expect(did(camera, noon, "medium")).toBe("isolate");
  expect(did(phone, noon)).toBe("ask");
  expect(did(phone, night)).toBe("isolate");
});
