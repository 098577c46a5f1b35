import { makeIncident } from "@lanwarden/contract/test-double/samples";
import { describe, expect, test } from "vitest";
import { Ledger } from "./ledger.ts";

describe("Ledger", () => {
  test("tells what changed since it was told last", () => {
    const ledger = new Ledger();
    expect(ledger.changeSince(makeIncident("a"))).toBe("opened");
    expect(ledger.changeSince(makeIncident("a", { status: "resolved" }))).toBe("resolved");
    ledger.note(makeIncident("a"));
    expect(ledger.changeSince(makeIncident("a"))).toBeUndefined();
    expect(ledger.changeSince(makeIncident("a", { count: 2 }))).toBe("updated");
    expect(ledger.changeSince(makeIncident("a", { severity: "critical", count: 2 }))).toBe("escalated");
    expect(ledger.changeSince(makeIncident("a", { status: "acknowledged" }))).toBe("acknowledged");
    ledger.note(makeIncident("a", { status: "resolved" }));
    expect(ledger.changeSince(makeIncident("a"))).toBe("reopened");
  });

  test("goes through JSON, as the context on disk takes it", () => {
    const ledger = new Ledger();
    ledger.note(makeIncident("a"));
    const again = new Ledger(JSON.parse(JSON.stringify(ledger.entries())));
    expect(again.changeSince(makeIncident("a"))).toBeUndefined();
  });

  test("forgets who was not heard of for longest", () => {
    const ledger = new Ledger();
    for (let i = 0; i < 2000; i++) ledger.note(makeIncident(`i${i}`));
    ledger.note(makeIncident("i0", { count: 2 }));
    ledger.note(makeIncident("one more"));
    expect([ledger.has("i0"), ledger.has("i1"), ledger.has("i2")]).toEqual([true, false, true]);
    expect(ledger.entries()).toHaveLength(2000);
  });
});
