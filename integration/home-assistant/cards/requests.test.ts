import { expect, test } from "vitest";
import type { DeviceView, IsolationView } from "./device-view.ts";
import { ANSWER_MS, outcomeOf, type Request, stepOf } from "./requests.ts";

const BEFORE = "2026-11-22T09:00:00+00:00";
const AFTER = "2026-11-22T10:00:05+00:00";
const asked: Request = { wanted: "yes", atMs: 1000, refusalBefore: BEFORE };

function device(state: IsolationView["state"], more: { detail?: string; refusedAt?: string } = {}): DeviceView {
  const isolation = {
    entityId: "switch.x",
    state,
    detail: more.detail,
    until: undefined,
    level: undefined,
    isProven: false,
  };
  const refusal = { at: more.refusedAt ?? BEFORE, message: "It is the router." };
  return { topicId: "a", isolation, refusal } as DeviceView;
}

test("waits until the state is what was wished, and no longer than an answer takes", () => {
  expect(outcomeOf(asked, device("no"), 2000)).toEqual({ state: "waiting" });
  expect(outcomeOf(asked, device("pending"), 2000)).toEqual({ state: "waiting" });
  expect(outcomeOf(asked, device("yes"), 2000)).toEqual({ state: "done" });
  expect(outcomeOf(asked, device("no"), 1000 + ANSWER_MS)).toEqual({ state: "no-answer" });
});

test("is refused by a newer refusal, not by an old one, and by a failure", () => {
  expect(outcomeOf(asked, device("no", { refusedAt: AFTER }), 2000)).toEqual({
    state: "refused",
    why: "It is the router.",
  });
  expect(outcomeOf(asked, device("failed", { detail: "The router refuses." }), 2000)).toEqual({
    state: "refused",
    why: "The router refuses.",
  });
});

test("what is shown is what is, unless something is asked", () => {
  expect(stepOf(device("no"), undefined, 0)).toBe("free");
  expect(stepOf(device("failed"), undefined, 0)).toBe("free");
  expect(stepOf(device("pending"), undefined, 0)).toBe("isolating");
  expect(stepOf(device("yes"), undefined, 0)).toBe("isolated");
  expect(stepOf(device("unavailable"), undefined, 0)).toBe("unavailable");
  expect(stepOf({ ...device("no"), isolation: undefined }, undefined, 0)).toBe("unavailable");
  expect(stepOf(device("no"), asked, 2000)).toBe("isolating");
  expect(stepOf(device("yes"), { ...asked, wanted: "no" }, 2000)).toBe("releasing");
  expect(stepOf(device("no"), asked, 1000 + ANSWER_MS)).toBe("free");
});
