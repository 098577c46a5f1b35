import type { MatterState } from "@lanwarden/contract/matter";
import { describe, expect, test } from "vitest";
import { matterText } from "./matter.ts";

const state: MatterState = {
  enabled: true,
  state: "up",
  detail: null,
  qr: "MT:Y.K90AFN00KA0648G00",
  manual: "34970112332",
  port: 5540,
  fabrics: [],
  endpoints: [{ number: 2, label: "Network threat", kind: "contact" }],
};

describe("lanwarden matter", () => {
  test("shows a code to scan and one to type, in a terminal's width", () => {
    const text = matterText(state);
    expect(text).toContain("The Matter bridge is up on port 5540, not paired yet.");
    expect(text).toContain("3497-011-2332");
    expect(text).toContain("MT:Y.K90AFN00KA0648G00");
    expect(text.split("\n").filter((line) => /[▀▄█]/.test(line)).length).toBeGreaterThan(10);
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
  });

  test("shows with whom it is paired, and how to let others in", () => {
    const fabrics = [
      { index: 1, label: "Kitchen\u001b[31m", vendor: 4937 },
      { index: 2, label: "", vendor: 0xfff1 },
    ];
    const text = matterText({ ...state, qr: null, manual: null, fabrics });
    expect(text).toContain("paired with 2.");
    expect(text).toContain("lanwarden matter --open");
    expect(text).toMatch(/1 +Apple +Kitchen\[31m/);
    expect(text).toMatch(/2 +0xfff1 +\(no name\)/);
  });

  test("says what is wrong", () => {
    const text = matterText({ ...state, state: "failed", detail: "UDP port 5540 is taken", qr: null, manual: null });
    expect(text).toContain("The Matter bridge is down: UDP port 5540 is taken");
    expect(text).not.toContain("--open");
  });
});
