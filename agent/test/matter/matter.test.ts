import { statSync } from "node:fs";
import { join } from "node:path";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { measured } from "../home-assistant/rig.ts";
import { Home } from "./home.ts";
import { Controller, here, type Line, type MatterJsController, monotonicMs, noMatterRig, Remote } from "./rig.ts";

/** What a stranger may call his device. */
const HOSTILE = [
  "Hall camera",
  "Hall camera",
  "Überwachungskamera mit einem sehr langen Namen",
  "\u0000\u202ecam\u0007era\n",
  "📷👨‍👩‍👧‍👦 Kids' room 📷📷📷📷",
  "Network",
];
const CAMERA = makeDevice(1).id;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe.skipIf(noMatterRig() !== undefined)("the Matter bridge, with two controllers", () => {
  let home: Home;
  let chip: Controller;
  let matterJs: Remote<MatterJsController>;
  let numbers: Map<string, number>;
  const number = (label: string): number => {
    const found = numbers.get(label);
    if (found === undefined) throw new Error(`no endpoint "${label}" among ${[...numbers.keys()].join(", ")}`);
    return found;
  };

  /** Does something and waits until the CHIP controller is told; ms between. */
  async function reported(endpoint: number, attribute: string, value: unknown, act: () => Promise<unknown>) {
    const from = chip.seen.length;
    const begun = monotonicMs();
    await act();
    const fits = (line: Line): boolean =>
      line.ev === "attr" && line.ep === endpoint && line.attr === attribute && line.value === value;
    return (await chip.line(`${endpoint} ${attribute} ${String(value)}`, fits, from)).t - begun;
  }

  const open = new Set<string>();
  const setIncident = (change: string, id: string, more = {}): Promise<unknown> => {
    if (change === "resolved") open.delete(id);
    else open.add(id);
    return home.agent.call("setIncident", change, makeIncident(id, more));
  };

  beforeAll(async () => {
    home = new Home();
    for (const [i, name] of HOSTILE.entries())
      await home.agent.call("setDevice", makeDevice(i + 1, { name, pinned: true }));
    await home.agent.call("setDevice", makeDevice(20, { name: "Not pinned" }));
    await home.startAgent();
    measured(`bridge with ${4 + 2 * HOSTILE.length} endpoints up in ${await home.startBridge()} ms`);
    chip = new Controller(home.cable, join(home.folder, "chip"));
  });
  // One test that fails is one, not all that follow.
  afterEach(async () => {
    for (const id of open) await setIncident("resolved", id, { status: "resolved" });
  });
  afterAll(async () => {
    await chip?.quit();
    await home?.down();
  });

  test("its folder is closed to others and its codes are no default", async () => {
    const { qr, manual } = home.bridge.state;
    expect(qr).toMatch(/^MT:[0-9A-Z.-]{19}$/);
    expect(manual).toMatch(/^\d{11}$/);
    expect(statSync(join(home.folder, "matter")).mode & 0o777).toBe(0o700);
    expect(statSync(join(home.folder, "matter/install.json")).mode & 0o777).toBe(0o600);
  });

  test("is commissioned by the CHIP controller, and finds no contradiction in hostile names", async () => {
    const lines = await chip.run(`commission --code ${home.bridge.state.qr}`);
    const done = lines.find(({ ev }) => ev === "commissioned");
    expect(done, JSON.stringify(lines)).toBeDefined();
    measured(`commissioned by CHIP in ${Math.round(Number(done?.ms))} ms`);
    const checked = await chip.run("check");
    expect(checked.filter(({ ev, level }) => ev === "finding" && level !== "note")).toEqual([]);
    expect(checked.find(({ ev }) => ev === "checked")?.problems).toBe(0);

    numbers = await chip.labels();
    expect([...numbers.keys()]).toEqual([
      "Network threat",
      "Mining alert",
      "Threat activity",
      "Protection",
      "Hall camera threat",
      "Isolate Hall camera",
      "Hall camera 2 threat",
      "Isolate Hall camera 2",
      "Überwachungskamera mit threat",
      "Isolate Überwachungskamera mit",
      "cam era threat",
      "Isolate cam era",
      "📷👨👩👧👦 Kid threat",
      "Isolate 📷👨👩👧👦 Kid",
      "Network 2 threat",
      "Isolate Network 2",
    ]);
    const { fabrics, qr, endpoints } = await home.until((state) => state.fabrics.length === 1 && state.qr === null);
    expect(fabrics[0]?.vendor).toBe(0xfff1);
    expect(qr).toBeNull();
    expect(endpoints.map(({ label }) => label)).toEqual([...numbers.keys()]);
  });

  test("lets a second ecosystem in when asked: matter.js", async () => {
    home.bridge.openWindow();
    const { manual } = await home.until((state) => state.manual !== null);
    const child = home.cable.fork("b", here("./matter-js-child.ts"), ["--conditions=source"], {
      PATH: process.env.PATH,
      HOME: home.folder,
      CONTROLLER_STORAGE: join(home.folder, "matter-js"),
    });
    matterJs = new Remote<MatterJsController>(child);
    // The library is loaded first, which takes long while other tests run.
    await expect.poll(() => matterJs.events.length, { timeout: 120_000 }).toBe(1);
    measured(`commissioned by matter.js in ${Math.round(await matterJs.call("commission", manual ?? ""))} ms`);
    const state = await home.until(({ fabrics, qr: code }) => fabrics.length === 2 && code === null);
    expect(state.fabrics).toHaveLength(2);
    expect(await matterJs.call("labels")).toEqual(Object.fromEntries(numbers));
  });

  test("contacts open within half a second of an incident, for both, and close again", async () => {
    await chip.subscribe();
    const late: number[] = [];
    const lateJs: number[] = [];
    for (let i = 0; i < 5; i++) {
      const from = matterJs.events.length;
      const begun = monotonicMs();
      late.push(await reported(number("Network threat"), "StateValue", false, () => setIncident("opened", `i-${i}`)));
      await expect
        .poll(() => matterJs.events.slice(from).filter(({ value }) => value === false).length, { timeout: 5000 })
        .toBe(2);
      lateJs.push((matterJs.events.at(-1)?.t ?? 0) - begun);
      expect(await chip.read(number("Hall camera threat"), "BooleanState", "StateValue")).toBe(false);
      expect(await chip.read(number("Hall camera 2 threat"), "BooleanState", "StateValue")).toBe(true);
      late.push(
        await reported(number("Network threat"), "StateValue", true, () =>
          setIncident("resolved", `i-${i}`, { status: "resolved" }),
        ),
      );
    }
    measured(
      `incident to contact: CHIP median ${Math.round(median(late))} ms, worst ${Math.round(Math.max(...late))} ms`,
    );
    measured(
      `incident to contact: matter.js median ${Math.round(median(lateJs))} ms, worst ${Math.round(Math.max(...lateJs))} ms`,
    );
    expect(Math.max(...late, ...lateJs)).toBeLessThan(500);
  });

  test("tells mining and activity; what is mere information or a drill opens no contact", async () => {
    expect(await chip.read(number("Threat activity"), "OccupancySensing", "Occupancy")).toBe(1);
    await reported(number("Mining alert"), "StateValue", false, () =>
      setIncident("opened", "mining", { kind: "mining", severity: "low" }),
    );
    await reported(number("Mining alert"), "StateValue", true, () =>
      setIncident("resolved", "mining", { kind: "mining", severity: "low", status: "resolved" }),
    );
    await setIncident("opened", "drill", { test: true });
    await setIncident("opened", "info", { severity: "info" });
    await home.agent.call("setMode", "monitor");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await chip.read(number("Network threat"), "BooleanState", "StateValue")).toBe(true);
    expect(await chip.read(number("Hall camera threat"), "BooleanState", "StateValue")).toBe(true);
  });

  test("Protection sets the mode and shows what the agent says", async () => {
    const plug = number("Protection");
    await reported(plug, "OnOff", true, () => chip.run(`command ${plug} OnOff On`));
    await reported(plug, "OnOff", false, () => chip.run(`command ${plug} OnOff Off`));
    const calls = await home.agent.call("calls");
    expect(calls.filter(({ path }) => path === "/mode").map(({ body }) => body)).toEqual([
      { mode: "protect" },
      { mode: "monitor" },
    ]);
    await home.agent.call("setMode", "ask");
    await chip.run(`command ${plug} OnOff Off`);
    expect((await home.agent.call("calls")).filter(({ path }) => path === "/mode")).toHaveLength(2);
    await reported(plug, "OnOff", true, () => home.agent.call("setMode", "protect"));
    await reported(plug, "OnOff", false, () => home.agent.call("setMode", "ask"));
  });

  test("Isolate is on once it is verified, and not before; matter.js releases", async () => {
    const plug = number("Isolate Hall camera");
    const ms = await reported(plug, "OnOff", true, async () => {
      const lines = await chip.run(`command ${plug} OnOff On`);
      expect(lines.find(({ ev }) => ev === "response")).toBeDefined();
      expect(await chip.read(plug, "OnOff", "OnOff")).toBe(false);
    });
    measured(`isolation, verified after 300 ms, reported after ${Math.round(ms)} ms`);
    expect((await home.agent.call("calls")).at(-1)).toEqual({
      method: "PUT",
      path: `/devices/${CAMERA}/isolation`,
      body: { by: "matter" },
    });
    await reported(plug, "OnOff", false, () => matterJs.call("command", plug, "off"));
    expect((await home.agent.call("calls")).at(-1)?.method).toBe("DELETE");
  });

  test("a refused command fails and reads back as off at once", async () => {
    const plug = number("Isolate Hall camera");
    await home.agent.call("refuse", CAMERA, "protected_device");
    const lines = await chip.run(`command ${plug} OnOff On`);
    expect(lines.at(-1)).toMatchObject({ ev: "done", ok: false });
    expect(await chip.read(plug, "OnOff", "OnOff")).toBe(false);
    expect(await matterJs.call("command", plug, "on")).not.toBe("ok");
    await chip.run(`command ${plug} OnOff Toggle`);
    expect(await chip.read(plug, "OnOff", "OnOff")).toBe(false);
    await home.agent.call("refuse", CAMERA, null);
  });

  test("a device that is renamed renames its label, but not one that the user wrote", async () => {
    const camera = number("Hall camera threat");
    await chip.run(`write ${camera} BridgedDeviceBasicInformation NodeLabel "Front door trouble"`);
    await reported(number("Isolate Hall camera"), "NodeLabel", "Isolate Porch camera", () =>
      home.agent.call("setDevice", makeDevice(1, { name: "Porch camera", pinned: true })),
    );
    expect(await chip.read(camera, "BridgedDeviceBasicInformation", "NodeLabel")).toBe("Front door trouble");
    numbers = await chip.labels();
  });

  test("devices come and go as they are pinned", async () => {
    const from = chip.seen.length;
    await home.agent.call("setDevice", makeDevice(20, { name: "Now pinned", pinned: true }));
    await chip.line("a new label", (line) => line.attr === "NodeLabel" && line.value === "Isolate Now pinned", from);
    const added = (await chip.labels()).get("Isolate Now pinned");
    expect(added).toBeGreaterThan(Math.max(...numbers.values()));
    const before = chip.seen.length;
    await home.agent.call("setDevice", makeDevice(20, { name: "Now pinned", pinned: false }));
    const isGone = (line: Line): boolean =>
      line.attr === "PartsList" && line.ep === 1 && !(line.value as number[]).includes(added ?? 0);
    await chip.line("the end of the endpoint", isGone, before);
    expect(await chip.labels()).toEqual(numbers);
    expect((await chip.run("check")).find(({ ev }) => ev === "checked")?.problems).toBe(0);
  });

  test("is unreachable while the agent is", async () => {
    const contact = number("Network threat");
    await reported(contact, "Reachable", false, () => home.agent.call("stop"));
    const lines = await chip.run(`command ${number("Protection")} OnOff On`);
    expect(lines.at(-1)).toMatchObject({ ok: false });
    await reported(contact, "Reachable", true, () => home.agent.call("start"));
  });

  test.each([
    ["stopped in order", "SIGTERM"],
    ["killed", "SIGKILL"],
  ] as const)("%s, it comes back with its fabrics, numbers and subscriptions", async (_, signal) => {
    const before = home.bridge.state.endpoints;
    const processes = home.processes.length;
    const begun = performance.now();
    home.bridgeProcess.kill(signal);
    await expect.poll(() => home.processes.length, { timeout: 60_000 }).toBe(processes + 1);
    const state = await home.until(({ state: name }) => name === "up");
    measured(`${signal}: up again after ${Math.round(performance.now() - begun)} ms, with the pause of 1 s and more`);
    expect(state.fabrics).toHaveLength(2);
    expect(state.endpoints).toEqual(before);
    const from = chip.seen.length;
    const ms = await reported(number("Network threat"), "StateValue", false, () => setIncident("opened", signal));
    expect(chip.seen.slice(from).some(({ ev }) => ev === "resubscribing")).toBe(false);
    measured(`${signal}: next change reported ${Math.round(ms)} ms after it, by the old subscription`);
    expect(ms).toBeLessThan(2000);
    await reported(number("Network threat"), "StateValue", true, () =>
      setIncident("resolved", signal, { status: "resolved" }),
    );
  });

  test("an incident that is open stays open over a restart, without a moment of all clear", async () => {
    await reported(number("Network threat"), "StateValue", false, () => setIncident("opened", "long"));
    const from = chip.seen.length;
    const processes = home.processes.length;
    home.bridgeProcess.kill("SIGTERM");
    await expect.poll(() => home.processes.length, { timeout: 60_000 }).toBe(processes + 1);
    await home.until(({ state }) => state === "up");
    await reported(number("Mining alert"), "StateValue", false, () =>
      setIncident("opened", "mining-2", { kind: "mining", severity: "low" }),
    );
    const flickers = chip.seen
      .slice(from)
      .filter(({ ev, ep, attr }) => ev === "attr" && attr === "StateValue" && ep === number("Network threat"));
    expect(flickers).toEqual([]);
    await setIncident("resolved", "long", { status: "resolved" });
    await setIncident("resolved", "mining-2", { kind: "mining", status: "resolved" });
  });

  test("the agent does not wait for it when it stops", async () => {
    const begun = performance.now();
    await home.bridge.stop();
    const ms = Math.round(performance.now() - begun);
    measured(`supervisor stopped in ${ms} ms`);
    expect(ms).toBeLessThan(2500);
    expect(home.bridge.state.state).toBe("off");
  });

  test("fifty endpoints need less than 250 MB", async () => {
    for (let i = 30; i < 50; i++)
      await home.agent.call("setDevice", makeDevice(i, { name: `Device ${i}`, pinned: true }));
    const ms = await home.startBridge();
    expect(home.bridge.state.endpoints).toHaveLength(50);
    expect(home.log.some((line) => line.includes("3 pinned devices are not shown"))).toBe(true);
    await chip.run("check");
    for (let i = 0; i < 40; i++) {
      await setIncident("opened", `load-${i}`, { device: makeDevice(30 + (i % 17)).id });
      await setIncident("resolved", `load-${i}`, { device: makeDevice(30 + (i % 17)).id, status: "resolved" });
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const memory = home.memory();
    measured(
      `50 endpoints up in ${ms} ms; memory ${memory.now} MB, at most ${memory.peak} MB, two controllers subscribed`,
    );
    expect(memory.peak).toBeLessThan(250);
  });

  test("unpaired by the last controller, it waits for the next one, with the same codes", async () => {
    const before = home.bridge.state.endpoints.map(({ label }) => label);
    expect(before).toContain("Front door trouble");
    const removed = await chip.run("remove");
    expect(removed.at(-1), JSON.stringify(removed)).toMatchObject({ ok: true });
    await home.until(({ fabrics }) => fabrics.length === 1);
    expect(home.bridge.state.qr).toBeNull();
    expect(await matterJs.call("remove")).toBe("ok");
    const { qr } = await home.until(
      ({ fabrics, state, qr: code }) => fabrics.length === 0 && state === "up" && code !== null,
    );
    const lines = await chip.run(`commission --code ${qr}`, 90_000);
    expect(lines.at(-1), JSON.stringify(lines)).toMatchObject({ ok: true });
    expect([...(await chip.labels()).keys()].toSorted()).toEqual(
      before.map((label) => (label === "Front door trouble" ? "Porch camera threat" : label)).toSorted(),
    );
    expect((await chip.run("check")).find(({ ev }) => ev === "checked")?.problems).toBe(0);
    await home.agent.call("setDevice", makeDevice(1, { name: "Garden camera", pinned: true }));
    await home.until(({ endpoints }) => endpoints.some(({ label }) => label === "Garden camera threat"));
  });
});
