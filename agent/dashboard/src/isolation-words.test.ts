import type { BackendInfo, IsolationState } from "@lanwarden/contract/isolation";
import { expect, test } from "vitest";
import {
  codeGroups,
  isolationPlan,
  isolationText,
  listed,
  proofText,
  readyReach,
  responseSentence,
  untilText,
} from "./isolation-words.ts";

/** Noon of the reader's time zone, so that days are told alike everywhere. */
const NOW = new Date(2026, 10, 22, 12, 0).getTime();
const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();
const backend = (name: string, level: BackendInfo["level"], ready = true): BackendInfo => ({
  type: "t",
  name,
  level,
  ready,
  detail: null,
  isolated: [],
});
const state = (more: Partial<IsolationState>): IsolationState => ({
  state: "yes",
  backend: "nftables inet",
  level: "wan",
  since: at(-1),
  until: null,
  ...more,
});

test("only what is ready counts, and the strongest says how far it reaches", () => {
  expect(readyReach([])).toBeUndefined();
  expect(readyReach([backend("a", "l2", false)])).toBeUndefined();
  const some = [backend("Pi-hole", "dns"), backend("FRITZ!Box", "wan-ipv4"), backend("UniFi", "l2", false)];
  expect(readyReach(some)).toEqual({ through: "Pi-hole and FRITZ!Box", level: "wan-ipv4" });
});

test("the plan says what is shut off, through what, until when, and what stays open", () => {
  const plan = (level: BackendInfo["level"], seconds: number | null) =>
    isolationPlan("Hall camera", { through: "nftables inet", level }, seconds, NOW);
  expect(plan("wan", 14_400)).toBe(
    "Shuts Hall camera off from the internet through nftables inet, until 16:00. Devices at home still reach it.",
  );
  expect(plan("l2", 3600)).toBe("Shuts Hall camera off from every other device through nftables inet, until 13:00.");
  expect(plan("wan-ipv4", null)).toContain("by IPv4 only through nftables inet, until you release it. IPv6 stays open");
  expect(plan("dns", null)).toMatch(/^Stops only the name look-ups of Hall camera/);
});

test("an end tomorrow says so", () => {
  expect(untilText(at(14), NOW)).toBe("until tomorrow 02:00");
  expect(untilText(at(72), NOW)).toBe("until 25 Nov, 12:00");
  expect(untilText(null, NOW)).toBe("until you release it");
});

test("silent is said only when the tap has proven it", () => {
  expect(isolationText(state({ proof: "tap", silent_since: at(-0.5), until: at(1) }), NOW)).toEqual({
    head: "Isolated and silent since 11:30",
    more: "Shut off until 13:00.",
  });
  expect(isolationText(state({ proof: "router" }), NOW)?.head).toBe("Isolated since 11:00");
  expect(proofText(state({ proof: "router" }))).toBe("the router says so; not proven");
  expect(isolationText(state({ state: "no" }), NOW)).toBeUndefined();
});

test("what waits says for what", () => {
  const pending = state({ state: "pending" });
  expect(isolationText(pending, NOW)?.head).toBe("Waiting for proof");
  expect(isolationText(pending, NOW, true)?.head).toBe("Being released");
  expect(isolationText({ ...pending, detail: "It cannot be let in again yet." }, NOW, true)?.more).toContain(
    "not be let in",
  );
});

test("a failure is told in the agent's own words", () => {
  expect(isolationText(state({ state: "failed", detail: "The router answered 403." }), NOW)).toEqual({
    head: "Isolation did not take effect",
    more: "The router answered 403.",
  });
  expect(isolationText(state({ state: "failed" }), NOW)?.more).toContain("not in force");
});

test("a dry run says would have; a device that tells its own state is not told twice", () => {
  expect(responseSentence({ wanted: "isolate", state: "dry_run" })).toContain("would have been isolated");
  expect(responseSentence({ wanted: "none", state: "none" })).toBeUndefined();
  expect(responseSentence({ wanted: "isolate", state: "none" })).toBe("Isolation is advised.");
  expect(responseSentence({ wanted: "isolate", state: "failed", detail: "The camera still sends." })).toBe(
    "Isolation did not take effect. The camera still sends.",
  );
  expect(responseSentence({ wanted: "isolate", state: "isolated" }, "yes")).toBeUndefined();
});

test("pairing codes come in the groups that apps show", () => {
  expect(codeGroups("34970112332")).toBe("3497-011-2332");
  expect(codeGroups("641295075300001000018")).toBe("6412-950-7530-00010-00018");
  expect(listed(["a", "b", "c"])).toBe("a, b and c");
});
