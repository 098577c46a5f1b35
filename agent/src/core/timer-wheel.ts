import { i32At } from "./bytes.ts";

/** Is told of every entry whose slot has come. It re-arms the entry or forgets it. */
export interface TimerVisitor {
  due(id: number): void;
}

const UNARMED = -1;

/**
 * Timer wheel over small integers (1 … capacity), one slot a tick, doubly linked so that an entry can be moved before its time.
 *
 * Entries are armed lazily: who owns them does not move them on every packet but looks, when the slot comes, whether they are really due.
 * Ticks may jump in either direction: a jump ahead visits every slot once, a jump back only moves the hand. Allocates nothing but in `grow`.
 */
export class TimerWheel {
  readonly #heads: Int32Array;
  readonly #mask: number;
  #next: Int32Array;
  #previous: Int32Array;
  #slot: Int32Array;
  #tick = 0;

  /** `slots`: a power of two; an entry can be armed so many ticks ahead at most. */
  constructor(slots: number, capacity: number) {
    this.#heads = new Int32Array(slots);
    this.#mask = slots - 1;
    this.#next = new Int32Array(capacity + 1);
    this.#previous = new Int32Array(capacity + 1);
    this.#slot = new Int32Array(capacity + 1).fill(UNARMED);
  }

  /** Tick of the last visit. */
  get tick(): number {
    return this.#tick;
  }

  grow(capacity: number): void {
    const slot = new Int32Array(capacity + 1).fill(UNARMED);
    slot.set(this.#slot);
    this.#slot = slot;
    const next = new Int32Array(capacity + 1);
    next.set(this.#next);
    this.#next = next;
    const previous = new Int32Array(capacity + 1);
    previous.set(this.#previous);
    this.#previous = previous;
  }

  /** Puts the hand at `tick` without visiting anything: the start, or time that went back. */
  reset(tick: number): void {
    this.#tick = tick;
  }

  /** Arms (or moves) `id` for `tick`; beyond the wheel's reach for its last slot, in the past for the next one. */
  arm(id: number, tick: number): void {
    this.disarm(id);
    let ahead = tick - this.#tick;
    if (ahead < 1) ahead = 1;
    else if (ahead > this.#mask) ahead = this.#mask;
    const slot = (this.#tick + ahead) & this.#mask;
    const head = i32At(this.#heads, slot);
    this.#next[id] = head;
    this.#previous[id] = 0;
    this.#slot[id] = slot;
    if (head !== 0) this.#previous[head] = id;
    this.#heads[slot] = id;
  }

  disarm(id: number): void {
    const slot = i32At(this.#slot, id);
    if (slot === UNARMED) return;
    const next = i32At(this.#next, id);
    const previous = i32At(this.#previous, id);
    if (previous !== 0) this.#next[previous] = next;
    else this.#heads[slot] = next;
    if (next !== 0) this.#previous[next] = previous;
    this.#slot[id] = UNARMED;
  }

  /** Moves the hand to `tick` and visits every entry of the slots it passes. Entries armed by the visitor wait for the next turn. */
  advance(tick: number, visitor: TimerVisitor): void {
    const passed = Math.min(tick - this.#tick, this.#mask + 1);
    const first = tick - passed + 1;
    for (let now = first; now <= tick; now++) {
      this.#tick = now;
      const slot = now & this.#mask;
      // Each visit either re-arms the entry ahead of the hand or removes it, so the slot runs empty.
      for (let id = i32At(this.#heads, slot); id !== 0; id = i32At(this.#heads, slot)) {
        this.disarm(id);
        visitor.due(id);
      }
    }
    this.#tick = tick;
  }
}
