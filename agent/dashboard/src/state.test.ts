import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { expect, test } from "vitest";
import {
  decisions,
  initialState,
  isolatedDevices,
  MAX_SAMPLES,
  type PageState,
  reduce,
  streamAction,
} from "./state.ts";

const incident = (id: string, more: Partial<Incident> = {}): Incident => ({
  id,
  kind: "mining",
  detection: "mining.session",
  title: `Incident ${id}`,
  severity: "high",
  confidence: 1,
  direction: "outbound",
  attacker: null,
  victim: null,
  device: null,
  first_seen: "2026-11-22T10:00:00.000000+00:00",
  last_seen: "2026-11-22T10:00:00.000000+00:00",
  count: 1,
  status: "open",
  why: [],
  advice: [],
  attack: [],
  evidence: { flow_ids: [], fields: {} },
  response: { wanted: "none", state: "none" },
  ...more,
});
const sample = (second: number) => ({
  at: new Date(second * 1000).toISOString(),
  bits_in: second,
  bits_out: 0,
  bits_lan: 0,
  packets: 0,
  top: [],
});
const loaded = (incidents: Incident[]): PageState =>
  reduce(initialState, { type: "incidents", incidents, next: "c1", isOlder: false });

test("an incident of the stream replaces the older word on it and is read out when it needs a person", () => {
  let state = loaded([incident("a")]);
  state = reduce(state, streamAction("incident", { change: "opened", incident: incident("b") }));
  expect([...(state.incidents?.keys() ?? [])]).toEqual(["a", "b"]);
  expect(state.announcement).toBe("New incident: Incident b");
  state = reduce(
    state,
    streamAction("incident", { change: "resolved", incident: incident("b", { status: "resolved" }) }),
  );
  expect(state.incidents?.get("b")?.status).toBe("resolved");
  state = reduce(state, streamAction("incident", { change: "opened", incident: incident("c", { severity: "low" }) }));
  expect(state.announcement).toBe("New incident: Incident b");
});

test("what the stream tells before the lists are loaded is left to the lists", () => {
  const state = reduce(initialState, streamAction("incident", { change: "opened", incident: incident("a") }));
  expect([state.incidents, state.announcement]).toEqual([undefined, ""]);
});

test("older pages add, a fresh load replaces", () => {
  let state = loaded([incident("a")]);
  state = reduce(state, { type: "incidents", incidents: [incident("b")], next: null, isOlder: true });
  expect([state.incidents?.size, state.olderIncidents]).toEqual([2, null]);
  state = reduce(state, { type: "incidents", incidents: [incident("c")], next: null, isOlder: false });
  expect([...(state.incidents?.keys() ?? [])]).toEqual(["c"]);
});

test("a flood of incidents stays under the cap, and what was seen last stays", () => {
  const many = Array.from({ length: 2500 }, (_, n) =>
    incident(`i${n}`, { last_seen: new Date(n * 1000).toISOString() }),
  );
  const state = loaded(many);
  expect(state.incidents?.size).toBe(2000);
  expect(state.incidents?.has("i2499")).toBe(true);
  expect(state.incidents?.has("i499")).toBe(false);
});

test("decisions: open and medium or worse, worst first, then newest", () => {
  const state = loaded([
    incident("low", { severity: "low" }),
    incident("old", { severity: "high", last_seen: "2026-11-20T10:00:00.000000+00:00" }),
    incident("new", { severity: "high" }),
    incident("worst", { severity: "critical", last_seen: "2026-11-01T10:00:00.000000+00:00" }),
    incident("seen", { status: "acknowledged" }),
    incident("medium", { severity: "medium" }),
  ]);
  expect(decisions(state.incidents ?? new Map()).map(({ id }) => id)).toEqual(["worst", "new", "old", "medium"]);
});

test("five minutes of traffic are kept", () => {
  let state = initialState;
  for (let second = 0; second < MAX_SAMPLES + 20; second++)
    state = reduce(state, streamAction("traffic", sample(second)));
  expect([state.samples.length, state.samples[0]?.bits_in]).toEqual([MAX_SAMPLES, 20]);
});

test("a lost connection says since when, once; coming back is said", () => {
  let state = reduce(initialState, { type: "connection", connection: "live", nowMs: 1 });
  expect(state.announcement).toBe("");
  state = reduce(state, { type: "connection", connection: "lost", nowMs: 5 });
  state = reduce(state, { type: "connection", connection: "lost", nowMs: 9 });
  expect([state.lostAtMs, state.announcement]).toEqual([5, "Connection to Lanwarden lost."]);
  state = reduce(state, { type: "connection", connection: "live", nowMs: 10 });
  expect([state.lostAtMs, state.announcement]).toEqual([undefined, "Connected again."]);
});

test("the end of a session forgets the home", () => {
  const state = reduce(loaded([incident("a")]), { type: "session", session: null });
  expect(state).toEqual({ ...initialState, session: null });
});

test("at most three messages stand, and go one by one", () => {
  let state = initialState;
  for (let id = 1; id <= 5; id++) state = reduce(state, { type: "toast", toast: { id, text: "x", isError: false } });
  expect(state.toasts.map(({ id }) => id)).toEqual([3, 4, 5]);
  state = reduce(state, { type: "toast-gone", id: 4 });
  expect(state.toasts.map(({ id }) => id)).toEqual([3, 5]);
});

test("nothing is changed in place", () => {
  const before = Object.freeze(loaded([incident("a")]));
  const after = reduce(before, { type: "incident", incident: incident("b"), change: "opened" });
  expect(before.incidents?.size).toBe(1);
  expect(after.incidents).not.toBe(before.incidents);
});

/** As much of a device as the state looks at. */
const device = (id: string, state: Device["isolated"]["state"]) =>
  ({ id, name: `Device ${id}`, isolated: { state } }) as Device;

test("a change of isolation is read out once, and waiting is not", () => {
  let state = reduce(initialState, { type: "devices", devices: [device("a", "no")] });
  state = reduce(state, { type: "device", device: device("a", "pending") });
  expect(state.announcement).toBe("");
  state = reduce(state, { type: "device", device: device("a", "yes") });
  expect(state.announcement).toBe("Device a is isolated.");
  state = reduce(state, { type: "device", device: device("a", "failed") });
  expect(state.announcement).toBe("Isolation of Device a did not take effect.");
  state = reduce({ ...state, announcement: "" }, { type: "device", device: device("a", "failed") });
  expect(state.announcement).toBe("");
});

test("what was asked to be let in again is so until the agent says what became of it", () => {
  let state = reduce(initialState, { type: "devices", devices: [device("a", "yes")] });
  state = reduce(state, { type: "releasing", device: "a" });
  state = reduce(state, { type: "device", device: device("a", "pending") });
  expect([...state.releasing]).toEqual(["a"]);
  state = reduce(state, { type: "device", device: device("a", "no") });
  expect([...state.releasing]).toEqual([]);
});

test("isolated devices: failures first, then by name; those that are free are none", () => {
  const devices = [device("c", "yes"), device("b", "no"), device("a", "pending"), device("d", "failed")];
  expect(isolatedDevices(new Map(devices.map((each) => [each.id, each]))).map(({ id }) => id)).toEqual(["d", "a", "c"]);
});
