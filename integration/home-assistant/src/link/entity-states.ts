/** An event of `subscribe_entities`: `a` added, `c` changed, `r` removed; in a change "+" is what is new, "-" what is gone. */
export interface StatesEvent {
  a?: Readonly<Record<string, CompressedState>>;
  c?: Readonly<Record<string, { "+"?: CompressedState; "-"?: { a?: readonly string[] } }>>;
  r?: readonly string[];
}
interface CompressedState {
  s?: unknown;
  a?: Readonly<Record<string, unknown>>;
}

export type EntityStates = Map<string, { state: string; attributes: Record<string, unknown> }>;

/** Applies an event; returns the ids of the entities that it is about. */
export function applyStates(states: EntityStates, event: StatesEvent): string[] {
  const touched: string[] = [];
  for (const [id, { s, a }] of Object.entries(event.a ?? {})) {
    states.set(id, { state: String(s), attributes: { ...a } });
    touched.push(id);
  }
  for (const [id, change] of Object.entries(event.c ?? {})) {
    const before = states.get(id);
    if (before === undefined) continue;
    const attributes = { ...before.attributes, ...change["+"]?.a };
    for (const name of change["-"]?.a ?? []) delete attributes[name];
    states.set(id, { state: change["+"]?.s === undefined ? before.state : String(change["+"].s), attributes });
    touched.push(id);
  }
  for (const id of event.r ?? []) {
    states.delete(id);
    touched.push(id);
  }
  return touched;
}
