import { makeDevice, makeHub, makeIncident } from "@lanwarden/contract/test-double/samples";
import { describe, expect, test } from "vitest";
import { HomeView, MAX_DEVICES } from "./home-view.ts";

const camera = makeDevice(1, { name: "Camera", pinned: true });
const lamp = makeDevice(2, { name: "Lamp", pinned: true });

function view(): HomeView {
  const made = new HomeView();
  made.replace({ hub: makeHub(), devices: [camera, lamp, makeDevice(3)], incidents: [] });
  return made;
}

/** Labels of what is on. */
const on = (home: HomeView, nowMs = 0): string[] =>
  home.wanted(nowMs).flatMap(({ isOn, label }) => (isOn ? [label] : []));

const incident = (change: string, more = {}) => ({
  event: "incident" as const,
  data: { change, incident: makeIncident("i", more) },
});

describe("the home as Matter shows it", () => {
  test("has four endpoints of its own and two of each pinned device", () => {
    expect(
      view()
        .wanted(0)
        .map(({ id, kind, label }) => `${id} ${kind} ${label}`),
    ).toEqual([
      "threat contact Network threat",
      "mining contact Mining alert",
      "activity occupancy Threat activity",
      "protection plug Protection",
      "threat-00005e005301 contact Camera threat",
      "isolate-00005e005301 plug Isolate Camera",
      "threat-00005e005302 contact Lamp threat",
      "isolate-00005e005302 plug Isolate Lamp",
    ]);
  });

  test("an incident opens the contacts of the home and of its device until it ends, and a minute of activity", () => {
    const home = view();
    home.take(incident("opened"), 1000);
    expect(on(home, 2000)).toEqual(["Network threat", "Threat activity", "Camera threat"]);
    expect(home.nextChangeMs(2000)).toBe(61_000);
    home.take(incident("updated", { count: 2 }), 50_000);
    expect(on(home, 61_000)).toEqual(["Network threat", "Camera threat"]);
    expect(home.nextChangeMs(61_000)).toBeUndefined();
    home.take(incident("acknowledged", { status: "acknowledged" }), 62_000);
    expect(on(home, 62_000)).toEqual([]);
    home.take(incident("reopened"), 63_000);
    expect(on(home, 63_000)).toEqual(["Network threat", "Threat activity", "Camera threat"]);
    home.take(incident("resolved", { status: "resolved" }), 64_000);
    expect(on(home, 124_000)).toEqual([]);
  });

  test.each([
    ["low", { severity: "low" }, ["Threat activity"]],
    ["information", { severity: "info" }, []],
    ["a drill", { test: true }, ["Threat activity"]],
    ["mining", { kind: "mining" }, ["Network threat", "Mining alert", "Threat activity", "Camera threat"]],
    ["mining of low severity", { kind: "mining", severity: "low" }, ["Mining alert", "Threat activity"]],
    ["of no device", { device: null }, ["Network threat", "Threat activity"]],
  ])("%s", (_, more, shown) => {
    const home = view();
    home.take(incident("opened", more), 0);
    expect(on(home)).toEqual(shown);
  });

  test("plugs are on when it is so, not when it is asked for", () => {
    const home = view();
    for (const state of ["pending", "failed", "no"] as const) {
      home.take({ event: "device", data: { ...camera, isolated: { ...camera.isolated, state } } }, 0);
      expect(on(home)).toEqual([]);
    }
    home.take({ event: "device", data: { ...camera, isolated: { ...camera.isolated, state: "yes" } } }, 0);
    expect(on(home)).toEqual(["Isolate Camera"]);
    home.take({ event: "status", data: makeHub({ mode: "ask" }) }, 0);
    expect(on(home)).toEqual(["Isolate Camera"]);
    home.take({ event: "status", data: makeHub({ mode: "protect" }) }, 0);
    expect(on(home)).toEqual(["Protection", "Isolate Camera"]);
  });

  test("says of most events that nothing of them is shown", () => {
    const home = view();
    expect(home.take({ event: "status", data: makeHub({ packets_per_second: 7 }) }, 0)).toBe(false);
    expect(home.take({ event: "device", data: makeDevice(9) }, 0)).toBe(false);
    expect(home.take({ event: "device", data: { ...lamp, pinned: false } }, 0)).toBe(true);
    expect(home.take({ event: "status", data: makeHub({ mode: "ask" }) }, 0)).toBe(true);
  });

  test("a snapshot is all that is", () => {
    const home = view();
    home.take(incident("opened"), 0);
    home.replace({ hub: makeHub(), devices: [lamp], incidents: [] });
    expect(home.wanted(90_000)).toHaveLength(6);
    expect(on(home, 90_000)).toEqual([]);
  });

  test("takes no more devices than Alexa does, and keeps those that it has", () => {
    const many = Array.from({ length: 30 }, (_, i) => makeDevice(i + 100, { pinned: true }));
    const home = view();
    home.wanted(0);
    home.replace({ hub: makeHub(), devices: [...many, camera], incidents: [] });
    expect(home.wanted(0)).toHaveLength(4 + 2 * MAX_DEVICES);
    expect(home.left).toBe(8);
    expect(home.shown[0]).toBe(camera.id);
    const again = new HomeView(home.shown);
    again.replace({ hub: makeHub(), devices: [camera, ...many.toReversed()], incidents: [] });
    expect(again.wanted(0)).toEqual(home.wanted(0));
  });
});
