import type { Incident } from "@lanwarden/contract/incident";
import type { NormalRule } from "./normal-rules.ts";

/** Everything the book must remember over a restart. Plain data. */
export interface BookSnapshot {
  readonly entries: readonly EntrySnapshot[];
  readonly rules: readonly NormalRule[];
}

export interface EntrySnapshot {
  readonly incident: Incident;
  readonly key: string;
  readonly who: string;
  readonly group: string;
  readonly titleTemplate: string;
  readonly quietSeconds: number;
  readonly whys: readonly (readonly [string, readonly string[]])[];
}

/** True for what {@link BookSnapshot} looks like from outside; its parts are the store's to keep whole. */
export const isSnapshot = (saved: unknown): saved is BookSnapshot =>
  typeof saved === "object" &&
  saved !== null &&
  Array.isArray((saved as Partial<BookSnapshot>).entries) &&
  Array.isArray((saved as Partial<BookSnapshot>).rules);
