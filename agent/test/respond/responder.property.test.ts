import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalRow } from "../../src/respond/journal.ts";
import { FakeBackend, FakeRouter, Life, MemoryJournal } from "./fake-router.ts";
import { breathe, deviceAt, House, incidentOf } from "./house.ts";

const NUMBERS = [1, 2, 3, 4] as const;
const idOf = (n: number): string => deviceAt(n).id;
const device = fc.constantFrom(...NUMBERS);

/** What may happen in a home, in any order. */
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("request" as const), device, seconds: fc.integer({ min: 1, max: 90 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("release" as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("releaseAll" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("incident" as const), device, id: fc.constantFrom("a", "b") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("mode" as const), mode: fc.constantFrom("monitor", "ask", "protect") }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("guard" as const), device, isOn: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("address" as const), device, last: fc.integer({ min: 10, max: 200 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("mood" as const),
      router: fc.constantFrom(0, 1),
      mood: fc.constantFrom("well" as const, "well" as const, "slow" as const, "down" as const, "mute" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reboot" as const), router: fc.constantFrom(0, 1) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("time" as const), ms: fc.integer({ min: 50, max: 40_000 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("fuse" as const), acts: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const) }) },
  /** Lets promises run a little: acts of different devices overlap. */
  { weight: 3, arbitrary: fc.record({ do: fc.constant("breathe" as const), turns: fc.integer({ min: 0, max: 3 }) }) },
);
type Event = typeof event extends fc.Arbitrary<infer One> ? One : never;

/** A home whose agent may die at any act and is started again, over the same journal and routers. */
class Drive {
  readonly house = new House(...NUMBERS.map((n) => deviceAt(n)));
  readonly routers = [new FakeRouter(), new FakeRouter()];
  readonly #stored: JournalRow[] = [];
  #life = new Life();
  #journal = new MemoryJournal();
  #backends: FakeBackend[] = [];
  /** Incidents of devices that a person let in again: never isolated for them again by itself. */
  readonly #overruled = new Set<string>();

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
            if (this.house.guarded.has(id)) throw new Error(`PROPERTY: ${id} is guarded and was shut off`);
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
        this.#overrule(idOf(what.device));
        void house.responder.release(idOf(what.device), "api").catch(() => undefined);
        return;
      case "releaseAll":
        for (const n of NUMBERS) this.#overrule(idOf(n));
        void house.responder.releaseAll("api").catch(() => undefined);
        return;
      case "incident": {
        const one = this.house.devices.get(idOf(what.device))!;
        house.tell(incidentOf(`${what.id}${what.device}`, one));
        return;
      }
      case "mode":
        house.mode = what.mode as House["mode"];
        return;
      case "guard": {
        const id = idOf(what.device);
        if (what.isOn) house.guarded.set(id, "it is a router");
        else house.guarded.delete(id);
        house.responder.onDevice(house.devices.get(id)!);
        return;
      }
      case "address": {
        const moved = deviceAt(what.device, { ips: [`192.168.1.${what.last}`] });
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

  #overrule(id: string): void {
    const row = this.house.responder.rows().find((one) => one.device === id && one.released === null);
    if (row?.incident) this.#overruled.add(row.incident);
  }

  #check(): void {
    const live = this.house.responder.rows().filter(({ released }) => released === null);
    if (live.length > this.house.maxIsolated) throw new Error("PROPERTY: more are isolated than may be");
    if (new Set(live.map(({ device: id }) => id)).size !== live.length) throw new Error("PROPERTY: one twice");
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
    expect(this.house.warnings.filter((text) => text.includes("PROPERTY"))).toEqual([]);
    await this.house.responder.close();
  }

  #target(id: string) {
    const { mac, ips, name } = this.house.devices.get(id)!;
    return { device: id, mac, ips, name };
  }
}

test("whatever happens in whatever order, and wherever it dies: the router holds what the journal says, and nothing guarded is ever shut off", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), async (events) => {
      const drive = new Drive();
      await drive.boot();
      for (const one of events) await drive.step(one);
      await drive.heal();
    }),
    { numRuns: 250 },
  );
}, 120_000);
