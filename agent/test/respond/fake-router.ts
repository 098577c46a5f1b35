import type { IsolationLevel } from "@lanwarden/contract/isolation";
import type { Backend, BackendEntry, IsolationTarget } from "../../src/respond/define.ts";
import type { IsolationJournal, JournalRow } from "../../src/respond/journal.ts";

/** A process may die between any two acts: from then on nothing of it has effect. */
export class Life {
  isDead = false;
  /** Acts until it dies; undefined = it lives on. An act is counted before it is done and after. */
  fuse: number | undefined;

  /** Dies here, if it is time. True = dead: the caller must do nothing. */
  passes(): boolean {
    if (this.fuse !== undefined && this.fuse-- <= 0) this.isDead = true;
    return this.isDead;
  }
}

const forever = (): Promise<never> => new Promise(() => undefined);

/** What the router holds, over deaths of the agent: entries by device. */
export class FakeRouter {
  readonly held = new Map<string, Set<string>>();
  /** "down": it refuses; "slow": it acts when the gate opens; "mute": it says that it did and does not. */
  mood: "well" | "down" | "slow" | "mute" = "well";
  readonly #gate: (() => void)[] = [];

  openGate(): void {
    for (const open of this.#gate.splice(0)) open();
  }

  reboot(): void {
    this.held.clear();
  }

  async turn(): Promise<void> {
    if (this.mood === "slow") await new Promise<void>((open) => this.#gate.push(open));
    if (this.mood === "down") throw new Error("the router does not answer");
  }
}

export class FakeBackend implements Backend {
  readonly type = "fake";
  readonly name: string;
  readonly level: IsolationLevel;
  readonly router: FakeRouter;
  readonly applied: IsolationTarget[] = [];
  readonly #life: Life;
  readonly #onApply: (target: IsolationTarget) => void;

  constructor(
    router: FakeRouter,
    options: { name?: string; level?: IsolationLevel; life?: Life; onApply?: (target: IsolationTarget) => void } = {},
  ) {
    this.router = router;
    this.name = options.name ?? "fake";
    this.level = options.level ?? "wan";
    this.#life = options.life ?? new Life();
    this.#onApply = options.onApply ?? (() => undefined);
  }

  async notReady(): Promise<string | undefined> {
    // As a real one, it takes a while to say so.
    await new Promise((done) => setImmediate(done));
    return this.router.mood === "down" ? "the router does not answer" : undefined;
  }

  plan({ name }: IsolationTarget): string {
    return `shut ${name} off`;
  }

  cannot({ mac }: IsolationTarget): string | undefined {
    return mac === null ? "no MAC of it is known" : undefined;
  }

  keysOf({ mac, ips }: IsolationTarget): readonly string[] {
    return mac === null ? [] : [mac, ...ips];
  }

  async apply(target: IsolationTarget): Promise<void> {
    if (this.#life.passes()) return forever();
    this.#onApply(target);
    this.applied.push(target);
    await this.router.turn();
    if (this.#life.isDead) return forever();
    if (this.router.mood !== "mute") this.router.held.set(target.device, new Set(this.keysOf(target)));
    if (this.#life.passes()) return forever();
  }

  async revert({ device }: IsolationTarget): Promise<void> {
    if (this.#life.passes()) return forever();
    await this.router.turn();
    if (this.#life.isDead) return forever();
    this.router.held.delete(device);
    if (this.#life.passes()) return forever();
  }

  async list(): Promise<readonly BackendEntry[]> {
    if (this.#life.isDead) return forever();
    if (this.router.mood === "down") throw new Error("the router does not answer");
    return [...this.router.held].flatMap(([device, keys]) => [...keys].map((key) => ({ device, key })));
  }

  async close(): Promise<void> {}
}

/** Rows in memory, over deaths of the agent. */
export class MemoryJournal implements IsolationJournal {
  readonly stored: JournalRow[];
  readonly #life: Life;
  isFull = false;

  constructor(stored: JournalRow[] = [], life: Life = new Life()) {
    this.stored = stored;
    this.#life = life;
  }

  append(row: JournalRow): void {
    if (this.#life.passes()) throw new Error("dead");
    if (this.isFull) throw new Error("database or disk is full");
    this.stored.push(row);
    if (this.#life.passes()) throw new Error("dead");
  }

  rows(): readonly JournalRow[] {
    return [...this.stored];
  }

  forget(isolations: readonly string[]): void {
    const kept = this.stored.filter(({ isolation }) => !isolations.includes(isolation));
    this.stored.splice(0, this.stored.length, ...kept);
  }
}
