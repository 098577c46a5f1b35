import { GUARD_MODES, type GuardMode } from "@lanwarden/contract/kinds";
import type { Store } from "../store/store.ts";

/** Name of the snapshot. */
const MODE = "mode";

interface KeptMode {
  mode: GuardMode;
  /** What the configuration said at the time: who edits it means it. */
  configured: GuardMode;
}

/** The mode that a person chose last, as long as the configuration says the same as then; else the configuration's. */
export function keptMode(store: Pick<Store, "snapshot">, configured: GuardMode): GuardMode {
  const kept = store.snapshot(MODE) as Partial<KeptMode> | undefined;
  const mode = GUARD_MODES.find((candidate) => candidate === kept?.mode);
  return mode !== undefined && kept?.configured === configured ? mode : configured;
}

/** It is on the disk when this returns. */
export function keepMode(store: Pick<Store, "saveSnapshot" | "settle">, configured: GuardMode, mode: GuardMode): void {
  store.saveSnapshot(MODE, { mode, configured } satisfies KeptMode);
  store.settle();
}
