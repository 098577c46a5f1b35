import { describe, expect, test } from "vitest";
import { FakeBackend, FakeRouter, MemoryJournal } from "./fake-router.ts";
import { breathe, deviceAt, House, incidentOf, START_MS } from "./house.ts";

const camera = deviceAt(1, { name: "Hall camera" });
const tv = deviceAt(2, { name: "TV", type: "tv" });
const scan = incidentOf("scan", camera);

async function home(more: Partial<House> = {}, backends?: (router: FakeRouter) => FakeBackend[]) {
  const house = Object.assign(new House(camera, tv), more);
  const router = new FakeRouter();
  const journal = new MemoryJournal();
  const all = backends?.(router) ?? [new FakeBackend(router)];
  await house.boot(all, journal);
  return { house, router, journal, backends: all, responder: house.responder };
}

const stepsOf = (journal: MemoryJournal): string[] => journal.stored.map(({ step }) => step);

describe("a person's request", () => {
  test("is written down before it is done, done, read back, and proven by the tap within two seconds", async () => {
    const atApply: string[][] = [];
    const { house, router, journal, responder } = await home({ mode: "ask" }, (wall) => [
      new FakeBackend(wall, { onApply: () => atApply.push(stepsOf(journal)) }),
    ]);
    const answer = await responder.request(camera.id, { by: "api", reason: "it scans", for_seconds: 3600 });
    expect(answer).toEqual({ accepted: true });
    expect(stepsOf(journal)[0]).toBe("requested");
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id)).toMatchObject({ state: "pending", proof: "none", by: "api" });
    expect(house.watched).toEqual([{ device: camera.id, mac: camera.mac, ips: camera.ips, level: "wan" }]);

    await breathe();
    expect(stepsOf(journal)).toEqual(["requested", "applying", "applied"]);
    expect(atApply).toEqual([["requested", "applying"]]);
    expect([...(router.held.get(camera.id) ?? [])]).toEqual([camera.mac, "192.168.1.1"]);

    await house.pass(1250, () => START_MS + 100);
    expect(responder.state(camera.id)).toEqual({
      state: "yes",
      backend: "fake",
      level: "wan",
      since: "2026-11-27T12:00:00.000000+00:00",
      until: "2026-11-27T13:00:00.000000+00:00",
      silent_since: "2026-11-27T12:00:00.000000+00:00",
      proof: "tap",
      by: "api",
      detail: null,
    });
    expect(house.heard).toEqual([`${camera.id} pending`, `${camera.id} pending`, `${camera.id} yes`]);
    expect(stepsOf(journal)).toEqual(["requested", "applying", "applied", "verified"]);
  });

  test("ends by itself, and the row tells of it", async () => {
    const { house, router, responder } = await home({ mode: "ask" });
    await responder.request(camera.id, { by: "api", for_seconds: 60 });
    await house.pass(59_000);
    expect(router.held.has(camera.id)).toBe(true);
    await house.pass(1500);
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("no");
    expect(responder.rows()).toMatchObject([
      { device: camera.id, name: "Hall camera", state: "no", backend: "fake", level: "wan", by: "api", detail: null },
    ]);
    expect(responder.rows()[0]!.released).not.toBeNull();
    expect(house.watched).toEqual([]);
  });

  test("asked for again changes how long; null is for ever", async () => {
    const { house, responder, journal } = await home({ mode: "ask" });
    await responder.request(camera.id, { for_seconds: 60 });
    await house.pass(2000);
    await responder.request(camera.id, { for_seconds: null, by: "matter" });
    await house.pass(100_000);
    expect(responder.state(camera.id)).toMatchObject({ state: "yes", until: null, by: "matter" });
    expect(new Set(journal.stored.map(({ isolation }) => isolation)).size).toBe(1);
    expect(stepsOf(journal).filter((step) => step === "applying")).toHaveLength(1);
  });

  test.each([
    ["unknown_device", "02:ff", { mode: "ask" as const }],
    ["monitor_mode", camera.id, { mode: "monitor" as const }],
    ["protected_device", camera.id, { mode: "ask" as const, guarded: new Map([[camera.id, "it is a router"]]) }],
    ["too_many", camera.id, { mode: "ask" as const, maxIsolated: 0 }],
    ["test_incident", camera.id, { mode: "ask" as const, incidents: new Map([["d", { ...scan, test: true }]]) }],
  ])("is refused: %s", async (code, device, more) => {
    const { house, router, responder, journal } = await home(more);
    const answer = await responder.request(device, { incident: "d" });
    expect(answer).toMatchObject({ accepted: false, code });
    await house.pass(1000);
    expect(router.held.size).toBe(0);
    expect(journal.stored).toEqual([]);
  });

  test("in mode monitor is told what would have been done", async () => {
    const { responder } = await home({ mode: "monitor" });
    expect(await responder.request(camera.id, {})).toMatchObject({
      detail:
        "Mode monitor, nothing was done: fake would shut Hall camera off. Set the mode to ask or protect to let it be done.",
    });
  });

  test("is refused without a back-end, without one that can, and without one that is ready", async () => {
    const none = await home({ mode: "ask" }, () => []);
    expect(await none.responder.request(camera.id, {})).toMatchObject({ code: "no_backend" });
    const { house, router, responder } = await home({ mode: "ask" });
    house.devices.set("ip:10.0.0.1", deviceAt(3, { id: "ip:10.0.0.1", mac: null }));
    expect(await responder.request("ip:10.0.0.1", {})).toMatchObject({
      code: "no_address",
      detail: "Device 3 cannot be isolated: no MAC of it is known.",
    });
    router.mood = "down";
    expect(await responder.request(camera.id, {})).toMatchObject({
      code: "no_backend",
      detail: "Hall camera cannot be isolated now. fake: the router does not answer.",
    });
  });

  test("that cannot be written down is not done", async () => {
    const { house, router, journal, responder } = await home({ mode: "ask" });
    journal.isFull = true;
    await expect(responder.request(camera.id, {})).rejects.toThrow("disk is full");
    await house.pass(2000);
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("no");
  });

  test("a release is done although it cannot be written down, and written later", async () => {
    const { house, router, journal, responder } = await home({ mode: "ask" });
    await responder.request(camera.id, {});
    await house.pass(2000);
    journal.isFull = true;
    await responder.release(camera.id, "api");
    await house.pass(500);
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("no");
    expect(house.warnings).toEqual(["Isolation: the journal cannot be written: database or disk is full"]);
    journal.isFull = false;
    await house.pass(500);
    expect(stepsOf(journal).slice(-3)).toEqual(["releasing", "reverted", "released"]);
  });
});

describe("the guard", () => {
  test("lets a device in again at once when it turns out to be protected", async () => {
    const { house, router, responder } = await home({ mode: "ask" });
    await responder.request(camera.id, {});
    await house.pass(2000);
    house.guarded.set(camera.id, "it is the way to the internet");
    responder.onDevice(camera);
    await breathe();
    expect(router.held.size).toBe(0);
    expect(house.warnings).toEqual([
      "Hall camera is let in again: it is never isolated, since it is the way to the internet",
    ]);
  });

  test("looks again right before the act", async () => {
    const { house, router, responder, backends } = await home({ mode: "ask" });
    const [backend] = backends;
    let questions = 0;
    let answer: (() => void) | undefined;
    // Ready at once for the request; slow to say so for the act.
    backend!.notReady = () =>
      ++questions === 1 ? Promise.resolve(undefined) : new Promise((done) => (answer = () => done(undefined)));
    await responder.request(camera.id, {});
    await breathe();
    house.guarded.set(camera.id, "it is a router");
    answer!();
    await breathe();
    expect(backends[0]!.applied).toEqual([]);
    await house.pass(1000);
    expect(backends[0]!.applied).toEqual([]);
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("no");
  });

  test("counts those that are under way, however many ask at once", async () => {
    const { house, router, responder } = await home({ mode: "ask", maxIsolated: 1 });
    const answers = await Promise.all([responder.request(camera.id, {}), responder.request(tv.id, {})]);
    expect(answers.map(({ accepted }) => accepted)).toEqual([true, false]);
    await house.pass(1000);
    expect([...router.held.keys()]).toEqual([camera.id]);
  });
});

describe("the policy", () => {
  test("does nothing when the mode became ask while a back-end was slow to say it is ready", async () => {
    const { house, router, responder, backends } = await home();
    let answer: (() => void) | undefined;
    backends[0]!.notReady = () => new Promise((done) => (answer = () => done(undefined)));
    house.tell(scan);
    await breathe();
    expect(answer).toBeDefined();
    house.mode = "ask";
    answer!();
    await breathe();
    await house.pass(1000);
    expect(backends[0]!.applied).toEqual([]);
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("no");
  });

  test("in mode protect acts by itself, and the incident is told how it goes", async () => {
    const { house, router, responder } = await home();
    house.tell(scan);
    await house.pass(1500);
    expect(router.held.has(camera.id)).toBe(true);
    expect(responder.state(camera.id)).toMatchObject({ state: "yes", by: "policy" });
    await responder.release(camera.id, "api");
    await house.pass(500);
    expect(house.heard.filter((text) => text.startsWith("scan "))).toEqual([
      "scan isolate pending",
      "scan isolate isolated",
      "scan isolate released",
    ]);
  });

  test("in mode monitor only says what it would do; in mode ask it asks once", async () => {
    const { house, router } = await home({ mode: "monitor" });
    house.tell(scan);
    house.tell(scan);
    await house.pass(500);
    expect(house.heard).toEqual(["scan isolate dry_run"]);
    house.mode = "ask";
    house.tell(scan);
    house.tell(scan);
    await house.pass(500);
    expect(house.heard.slice(1)).toEqual(["scan isolate none", "scan asks"]);
    expect(router.held.size).toBe(0);
  });

  test("keeps an isolation, and its word to the incident, when the mode is set back to monitor", async () => {
    const { house, router } = await home();
    house.tell(scan);
    await house.pass(1500);
    house.mode = "monitor";
    house.tell(scan);
    await house.pass(500);
    expect(house.incidents.get("scan")!.response.state).toBe("isolated");
    expect(router.held.has(camera.id)).toBe(true);
  });

  test("never isolates again what a person let in, for this incident, over a restart too; after the cool-down for another", async () => {
    const { house, router, journal, responder, backends } = await home();
    house.tell(scan);
    await house.pass(1500);
    await responder.release(camera.id, "mqtt");
    await house.pass(20 * 60_000);
    house.tell(scan);
    await house.pass(500);
    await responder.close();
    await house.boot(backends, journal);
    house.tell(scan);
    await house.pass(500);
    expect(router.held.size).toBe(0);
    house.tell(incidentOf("mine", camera, { kind: "mining" }));
    await house.pass(1500);
    expect(router.held.has(camera.id)).toBe(true);
  });

  test("waits a while after any release, and a person need not", async () => {
    const { house, router, responder } = await home({ rules: [{ do: "isolate", kinds: ["network_scan"], for: "1m" }] });
    house.tell(scan);
    await house.pass(62_000);
    expect(router.held.size).toBe(0);
    house.tell(scan);
    await house.pass(500);
    expect(router.held.size).toBe(0);
    expect(await responder.request(camera.id, { for_seconds: 10 })).toEqual({ accepted: true });
    await house.pass(11_000);
    house.incidents.set("scan", scan);
    await house.pass(10 * 60_000);
    house.tell(scan);
    await house.pass(500);
    expect(router.held.has(camera.id)).toBe(true);
  });

  test("leaves trusted and ignored devices alone, which a person may isolate", async () => {
    for (const policy of ["trusted", "ignored"]) {
      const { house, router, responder } = await home();
      house.devices.set(camera.id, { ...camera, policy });
      house.tell(scan);
      await house.pass(1500);
      expect(router.held.size).toBe(0);
      expect(await responder.request(camera.id, {})).toEqual({ accepted: true });
    }
  });

  test("asks a person about what it may not do: too many at once", async () => {
    const { house } = await home({ maxIsolated: 0 });
    house.tell(scan);
    await house.pass(500);
    house.tell(scan);
    await house.pass(500);
    expect(house.heard).toEqual(["scan isolate failed", "scan asks"]);
  });

  test("adds a second incident to an isolation that is in force", async () => {
    const { house, responder, journal } = await home();
    await responder.request(camera.id, { for_seconds: 60 });
    await house.pass(1500);
    house.tell(scan);
    await house.pass(1500);
    house.tell(scan);
    await house.pass(100_000);
    expect(responder.state(camera.id)).toMatchObject({ state: "yes", until: "2026-11-27T16:00:01.750000+00:00" });
    expect(house.heard.filter((text) => text.startsWith("scan"))).toEqual(["scan isolate isolated"]);
    expect(stepsOf(journal).filter((step) => step === "answers")).toHaveLength(1);
  });
});

describe("the proof", () => {
  test("packets go on: tried once more with the addresses of now, then said to have no effect, then in force again", async () => {
    const { house, backends, responder } = await home();
    house.tell(scan);
    await breathe();
    house.devices.set(camera.id, { ...camera, ips: ["192.168.1.77"] });
    const leaksUntilMs = START_MS + 8000;
    const leak = (): number => Math.min(house.nowMs - 20, leaksUntilMs);
    await house.pass(3250, leak);
    expect(backends[0]!.applied.map(({ ips }) => ips[0])).toEqual(["192.168.1.1", "192.168.1.77"]);
    expect(responder.state(camera.id).state).toBe("pending");
    await house.pass(3250, leak);
    expect(responder.state(camera.id)).toMatchObject({
      state: "failed",
      proof: "none",
      detail: "fake says that Hall camera is shut off, but packets still reach it.",
    });
    await house.pass(1500, leak);
    expect(house.noEffect).toHaveLength(1);
    expect(house.incidents.get("scan")!.response.state).toBe("failed");
    await house.pass(12_000, leak);
    expect(responder.state(camera.id)).toMatchObject({
      state: "yes",
      proof: "tap",
      silent_since: "2026-11-27T12:00:08.000000+00:00",
    });
    expect(house.noEffect).toHaveLength(1);
  });

  test("without a tap the router's word must do, after ten seconds, and it is said to be no proof", async () => {
    const { house, responder } = await home();
    await responder.request(camera.id, {});
    await house.pass(9000, undefined, false);
    expect(responder.state(camera.id).state).toBe("pending");
    await house.pass(2000, undefined, false);
    expect(responder.state(camera.id)).toMatchObject({
      state: "yes",
      proof: "router",
      silent_since: null,
      detail: "The router says that it is shut off; the tap does not see it now, so it is not proven.",
    });
    await house.pass(1500);
    expect(responder.state(camera.id)).toMatchObject({ state: "yes", proof: "tap", detail: null });
  });

  test("the router forgot it: read back every 30 s, applied again, and said", async () => {
    const { house, router, responder } = await home();
    await responder.request(camera.id, {});
    await house.pass(2000);
    router.reboot();
    await house.pass(31_000);
    expect(router.held.has(camera.id)).toBe(true);
    expect(house.warnings).toEqual(["Hall camera: fake has lost its isolation; it is applied again"]);
  });

  test("a router that says yes and does nothing is no isolation, and is tried again", async () => {
    const { house, router, responder } = await home();
    router.mood = "mute";
    await responder.request(camera.id, {});
    await house.pass(500);
    expect(responder.state(camera.id)).toMatchObject({
      state: "failed",
      backend: null,
      detail: `fake: the router does not show ${camera.mac} isolated.`,
    });
    router.mood = "well";
    await house.pass(4000);
    expect(responder.state(camera.id)).toMatchObject({ state: "yes", proof: "tap", detail: null });
  });

  test("new addresses are shut off too", async () => {
    const { house, router, responder } = await home();
    await responder.request(camera.id, {});
    await house.pass(3000);
    const moved = { ...camera, ips: ["fd00::5", "192.168.1.1"] };
    house.devices.set(camera.id, moved);
    responder.onDevice(moved);
    await breathe();
    expect([...(router.held.get(camera.id) ?? [])]).toEqual([camera.mac, "192.168.1.1", "fd00::5"]);
    expect(responder.state(camera.id).state).toBe("yes");
  });
});

test("a device that changes its address all the time is followed ever more seldom", async () => {
  const { house, backends, responder, journal } = await home();
  await responder.request(camera.id, { for_seconds: null });
  for (let second = 0; second < 600; second++) {
    const moved = { ...camera, ips: [`fd00::${second.toString(16)}`] };
    house.devices.set(camera.id, moved);
    responder.onDevice(moved);
    await house.pass(1000);
  }
  expect(backends[0]!.applied.length).toBeGreaterThan(10);
  expect(backends[0]!.applied.length).toBeLessThan(18);
  expect(journal.stored.length).toBeLessThan(45);
  expect(responder.state(camera.id).state).toBe("yes");
});

describe("several back-ends", () => {
  test("all are used, the strongest level counts, and one that fails is told of", async () => {
    const other = new FakeRouter();
    other.mood = "down";
    const { house, responder } = await home({}, (router) => [
      new FakeBackend(router, { name: "dns", level: "dns" }),
      new FakeBackend(other, { name: "wall", level: "l2" }),
    ]);
    await responder.request(camera.id, {});
    await house.pass(2000);
    expect(responder.state(camera.id)).toMatchObject({
      state: "yes",
      backend: "dns",
      level: "dns",
      detail: "Not by all: wall: the router does not answer.",
    });
    other.mood = "well";
    await house.pass(6000);
    expect(responder.state(camera.id)).toMatchObject({ backend: "dns + wall", level: "l2", detail: null });
    expect(await responder.backends()).toMatchObject([
      { name: "dns", ready: true, isolated: [camera.id] },
      { name: "wall", ready: true, isolated: [camera.id] },
    ]);
    await responder.release(camera.id, "api");
    await house.pass(500);
    expect(other.held.size).toBe(0);
  });

  test("a slow one does not keep the quick one from letting the device in again", async () => {
    const slow = new FakeRouter();
    slow.mood = "slow";
    const { house, router, responder } = await home({}, (quick) => [
      new FakeBackend(quick, { name: "quick" }),
      new FakeBackend(slow, { name: "slow" }),
    ]);
    await responder.request(camera.id, {});
    await house.pass(500);
    expect(router.held.has(camera.id)).toBe(true);
    await responder.release(camera.id, "api");
    await house.pass(500);
    expect(router.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("pending");
    slow.mood = "well";
    slow.openGate();
    await house.pass(500);
    expect(slow.held.size).toBe(0);
    expect(responder.state(camera.id).state).toBe("no");
  });
});

describe("a start", () => {
  test("finds what is in force, and takes away what nobody wants", async () => {
    const { house, router, journal, responder, backends } = await home();
    await responder.request(camera.id, { by: "api" });
    await house.pass(2000);
    await responder.close();
    expect(router.held.has(camera.id)).toBe(true);
    router.held.set(tv.id, new Set([tv.mac!]));
    await house.boot(backends, journal);
    await breathe();
    expect([...router.held.keys()]).toEqual([camera.id]);
    expect(house.responder.state(camera.id)).toMatchObject({ state: "yes", proof: "router", by: "api" });
    await house.pass(1500);
    expect(house.responder.state(camera.id)).toMatchObject({ state: "yes", proof: "tap" });
  });

  test("lets in again what ran out meanwhile, also a device that nobody knows any more", async () => {
    const { house, router, journal, responder, backends } = await home();
    await responder.request(camera.id, { for_seconds: 60 });
    await house.pass(2000);
    await responder.close();
    house.nowMs += 120_000;
    house.devices.clear();
    await house.boot(backends, journal);
    await breathe();
    expect(router.held.size).toBe(0);
    expect(house.responder.rows()).toMatchObject([{ state: "no", name: "Hall camera" }]);
  });

  test("tells an incident whose isolation ended unseen", async () => {
    const { house, journal, responder, backends } = await home();
    house.tell(scan);
    await house.pass(1500);
    await responder.release(camera.id, "api");
    await house.pass(500);
    await responder.close();
    house.incidents.set("scan", { ...scan, response: { wanted: "isolate", state: "isolated" } });
    await house.boot(backends, journal);
    expect(house.incidents.get("scan")!.response.state).toBe("released");
  });

  test("release all lets everything in again", async () => {
    const { house, router, responder } = await home();
    await responder.request(camera.id, {});
    await responder.request(tv.id, {});
    await house.pass(2000);
    expect(router.held.size).toBe(2);
    await responder.releaseAll("mqtt");
    await house.pass(500);
    expect(router.held.size).toBe(0);
    expect(responder.rows().map(({ state }) => state)).toEqual(["no", "no"]);
  });
});
