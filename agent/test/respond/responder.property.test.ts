import type { DeviceProfile } from "@lanwarden/contract/isolation";
import type { DeviceType, Direction, IncidentKind, Severity } from "@lanwarden/contract/kinds";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalRow } from "../../src/respond/journal.ts";
import type { PolicyRule } from "../../src/respond/policy-schema.ts";
import { FakeBackend, FakeRouter, Life, MemoryJournal } from "./fake-router.ts";
import { breathe, deviceAt, House, incidentOf } from "./house.ts";

const NUMBERS = [1, 2, 3, 4] as const;
const idOf = (n: number): string => deviceAt(n).id;
const device = fc.constantFrom(...NUMBERS);

/** What may happen in a home, in any order. */
const constant = <Word extends string>(word: Word) => fc.constant(word);
const simple = [
  fc.record({ do: constant("request"), device, seconds: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ do: constant("release"), device }),
  fc.record({ do: constant("releaseAll") }),
  fc.record({
    do: constant("incident"),
    device,
    id: fc.constantFrom("a", "b"),
    kind: fc.constantFrom<IncidentKind>("network_scan", "mining", "port_scan", "brute_force"),
    severity: fc.constantFrom<Severity>("info", "medium", "high", "high", "critical"),
    confidence: fc.constantFrom(0.5, 0.95),
    isVictim: fc.boolean(),
    isDrill: fc.boolean(),
  }),
  fc.record({ do: constant("profile"), device, profile: fc.constantFrom(null, null, "trusted", "ignored", "iot") }),
  fc.record({ do: constant("mode"), mode: fc.constantFrom("monitor", "ask", "protect") }),
  fc.record({ do: constant("guard"), device, isOn: fc.boolean(), isTold: fc.boolean() }),
  fc.record({ do: constant("address"), device, last: fc.integer({ min: 10, max: 200 }) }),
  fc.record({
    do: constant("mood"),
    router: fc.constantFrom(0, 1),
    mood: fc.constantFrom("well" as const, "well" as const, "slow" as const, "down" as const, "mute" as const),
  }),
  fc.record({ do: constant("reboot"), router: fc.constantFrom(0, 1) }),
  fc.record({ do: constant("time"), ms: fc.integer({ min: 50, max: 40_000 }) }),
  fc.record({ do: constant("fuse"), acts: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: constant("kill") }),
  // Lets promises run a little: acts of different devices overlap.
  fc.record({ do: constant("breathe"), turns: fc.integer({ min: 0, max: 3 }) }),
] as const;
const anything = fc.oneof(...simple);
/** Things about one device that meet within a few turns of the event loop. */
const race = fc
  .tuple(
    device,
    fc.array(fc.tuple(anything, fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 3, size: "max" }),
  )
  .map(([one, parts]) => [
    { do: "request" as const, device: one, seconds: 60 },
    ...parts.flatMap(([what, turns]) => [
      { do: "breathe" as const, turns },
      "device" in what ? { ...what, device: one } : what,
    ]),
  ]);
const events = fc
  .array(fc.oneof({ weight: 3, arbitrary: anything.map((one) => [one]) }, { weight: 2, arbitrary: race }), {
    minLength: 1,
    maxLength: 40,
    size: "max",
  })
  .map((groups) => groups.flat());
/** Policies, wise and foolish: none of them may overrule what holds for all. */
const KINDS: IncidentKind[] = ["network_scan", "mining", "port_scan", "brute_force"];
const PROFILES: DeviceProfile[][] = [["auto"], ["trusted", "ignored"]];
const rules: fc.Arbitrary<PolicyRule[]> = fc.array(
  fc.record(
    {
      kinds: fc.subarray(KINDS, { minLength: 1 }),
      severity: fc.constantFrom<Severity>("info", "low", "high", "critical"),
      confidence: fc.constantFrom(0, 0.9),
      direction: fc.constantFrom<Direction>("inbound", "outbound", "lateral"),
      types: fc.constant<DeviceType[]>(["camera"]),
      profiles: fc.constantFrom(...PROFILES),
      devices: device.map((n) => [idOf(n)]),
      hours: fc.constantFrom("00:00-23:59", "22:00-06:00"),
      do: fc.constantFrom<PolicyRule["do"]>("isolate", "isolate", "ask", "nothing"),
      for: fc.constantFrom("30s", "4h"),
    },
    { requiredKeys: ["do"] },
  ),
  { maxLength: 4 },
);
type Event = typeof anything extends fc.Arbitrary<infer One> ? One : never;

/** A home whose agent may die at any act and is started again, over the same journal and routers. */
class Drive {
  readonly house = new House(...NUMBERS.map((n) => deviceAt(n)));
  readonly routers = [new FakeRouter(), new FakeRouter()];
  readonly #stored: JournalRow[] = [];
  #life = new Life();
  #journal = new MemoryJournal();
  #backends: FakeBackend[] = [];
  readonly #faults: string[] = [];
  /** Lines of the journal that have been looked at. */
  #seen = 0;

  constructor(policy: readonly PolicyRule[], maxIsolated: number) {
    this.house.rules = [...policy];
    this.house.maxIsolated = maxIsolated;
  }

  async boot(): Promise<void> {
    const life = new Life();
    this.#life = life;
    this.#journal = new MemoryJournal(this.#stored, life);
    this.#backends = this.routers.map(
      (router, i) =>
        new FakeBackend(router, {
          name: `router ${i}`,
          level: i === 0 ? "wan" : "l2",
          life,
          onApply: ({ device: id }) => {
            if (this.house.guarded.has(id)) this.#faults.push(`${id} is guarded and was shut off`);
            const last = this.#stored.findLast(({ step, body }) => step === "applying" && body.includes(id));
            if (!last?.body.includes(`router ${i}`)) this.#faults.push(`${id} was shut off before it was written down`);
          },
        }),
    );
    for (const router of this.routers) if (router.mood === "slow") this.#calm(router);
    await this.house.boot(this.#backends, this.#journal, () => !life.isDead);
    await breathe();
  }

  #calm(router: FakeRouter): void {
    router.mood = "well";
    router.openGate();
  }

  async step(what: Event): Promise<void> {
    if (this.#life.isDead) await this.boot();
    await this.#do(what);
    this.#check();
  }

  async #do(what: Event): Promise<void> {
    const { house } = this;
    switch (what.do) {
      case "request":
        // A request of a dying agent gets no answer.
        void house.responder
          .request(idOf(what.device), { for_seconds: what.seconds, by: "api" })
          .catch(() => undefined);
        return;
      case "release":
        void house.responder.release(idOf(what.device), "api").catch(() => undefined);
        return;
      case "releaseAll":
        void house.responder.releaseAll("api").catch(() => undefined);
        return;
      case "incident": {
        const one = this.house.devices.get(idOf(what.device))!;
        const own = { mac: idOf(what.device) };
        const stranger = { ip: "203.0.113.9" };
        house.tell(
          incidentOf(`${what.id}${what.device}`, one, {
            kind: what.kind,
            severity: what.severity,
            confidence: what.confidence,
            direction: what.isVictim ? "inbound" : "outbound",
            attacker: what.isVictim ? stranger : own,
            victim: what.isVictim ? own : stranger,
            ...(what.isDrill ? { test: true } : {}),
          }),
        );
        return;
      }
      case "profile": {
        const id = idOf(what.device);
        house.devices.set(id, { ...house.devices.get(id)!, policy: what.profile });
        return;
      }
      case "mode":
        house.mode = what.mode as House["mode"];
        return;
      case "guard": {
        const id = idOf(what.device);
        if (what.isOn) house.guarded.set(id, "it is a router");
        else house.guarded.delete(id);
        // The gateway may change without a word about the device.
        if (what.isTold) house.responder.onDevice(house.devices.get(id)!);
        return;
      }
      case "address": {
        const { policy } = house.devices.get(idOf(what.device))!;
        const moved = deviceAt(what.device, { ips: [`192.168.1.${what.last}`], policy });
        house.devices.set(moved.id, moved);
        house.responder.onDevice(moved);
        return;
      }
      case "mood":
        if (what.mood !== "slow") this.routers[what.router]!.openGate();
        this.routers[what.router]!.mood = what.mood;
        return;
      case "reboot":
        this.routers[what.router]!.reboot();
        return;
      case "time":
        house.nowMs += what.ms;
        for (const router of this.routers) router.openGate();
        await house.pass(250);
        return;
      case "fuse":
        this.#life.fuse = what.acts;
        return;
      case "kill":
        this.#life.isDead = true;
        return;
      case "breathe":
        await breathe(what.turns);
    }
  }

  #check(): void {
    const live = this.house.responder.rows().filter(({ released }) => released === null);
    if (live.length > this.house.maxIsolated) this.#faults.push("more are isolated than may be");
    if (new Set(live.map(({ device: id }) => id)).size !== live.length) this.#faults.push("one is isolated twice");
    for (const { step, body } of this.#stored.slice(this.#seen)) {
      const { by, incident, device: id } = JSON.parse(body) as { by?: string; incident?: string; device?: string };
      if (step === "requested" && by === "policy") this.#checkAutomatic(id ?? "", incident ?? "");
    }
    this.#seen = this.#stored.length;
  }

  /** What no policy may do by itself. */
  #checkAutomatic(id: string, incidentId: string): void {
    const { mode, devices, incidents } = this.house;
    const incident = incidents.get(incidentId);
    const profile = devices.get(id)?.policy;
    if (mode !== "protect") this.#faults.push(`${id} was isolated by itself in mode ${mode}`);
    if (profile === "trusted" || profile === "ignored")
      this.#faults.push(`${id} is ${profile} and was isolated by itself`);
    if (incident?.test === true) this.#faults.push(`${id} was isolated for a drill`);
    if (incident?.severity === "info") this.#faults.push(`${id} was isolated for information`);
    if (incident?.direction === "inbound") this.#faults.push(`${id} is the victim and was isolated`);
  }

  /** Everything is well from now on: router and journal must come together. */
  async heal(): Promise<void> {
    this.#life.fuse = undefined;
    for (const router of this.routers) this.#calm(router);
    if (this.#life.isDead) await this.boot();
    for (let i = 0; i < 14; i++) {
      this.house.nowMs += 10_000;
      await this.house.pass(250);
    }
    await breathe();
    const wanted = this.house.responder.rows().filter(({ released }) => released === null);
    for (const [i, router] of this.routers.entries()) {
      const expected = wanted.map(({ device: id }) => [id, [...this.#backends[i]!.keysOf(this.#target(id))].sort()]);
      const held = [...router.held].map(([id, keys]) => [id, [...keys].sort()]);
      expect(held.sort(), `router ${i}`).toEqual(expected.sort());
    }
    for (const { device: id, state } of wanted) {
      expect(this.house.guarded.has(id)).toBe(false);
      expect(state).toBe("yes");
    }
    expect([...this.#faults, ...overruled(this.#stored)]).toEqual([]);
    await this.house.responder.close();
  }

  #target(id: string) {
    const { mac, ips, name } = this.house.devices.get(id)!;
    return { device: id, mac, ips, name };
  }
}

/** Isolations that the policy began for an incident after a person had let a device in again that was isolated for it. */
function overruled(rows: readonly JournalRow[]): string[] {
  const incidentsOf = new Map<string, string[]>();
  const decided = new Set<string>();
  const faults: string[] = [];
  for (const { isolation, step, body } of rows) {
    const { incident, by, isPerson } = JSON.parse(body) as { incident?: string; by?: string; isPerson?: boolean };
    const known = incidentsOf.get(isolation) ?? [];
    if (incident) incidentsOf.set(isolation, [...known, incident]);
    if (step === "releasing" && isPerson) for (const one of known) decided.add(one);
    if (step === "requested" && by === "policy" && incident && decided.has(incident)) faults.push(`${incident} again`);
  }
  return faults;
}

test("whatever happens in whatever order, and wherever it dies: the router holds what the journal says, and nothing guarded is ever shut off", async () => {
  await fc.assert(
    fc.asyncProperty(events, rules, fc.integer({ min: 0, max: 4 }), async (story, policy, maxIsolated) => {
      const drive = new Drive(policy, maxIsolated);
      await drive.boot();
      for (const one of story) await drive.step(one);
      await drive.heal();
    }),
    { numRuns: 1500 },
  );
}, 120_000);
