/** Hours of rest, "HH:MM" each; `from` after `to` means over midnight. */
export interface QuietHours {
  from: string;
  to: string;
}

/**
 * True when `at` lies in the hours of rest. `timeZone`: the home's, as Home Assistant knows it (a container's own is mostly UTC); undefined =
 * this machine's. From and to being equal means never.
 */
export function isQuiet(quiet: QuietHours | undefined, at: Date, timeZone: string | undefined): boolean {
  if (quiet === undefined || quiet.from === quiet.to) return false;
  const now = clockText(at, timeZone);
  return quiet.from < quiet.to ? now >= quiet.from && now < quiet.to : now >= quiet.from || now < quiet.to;
}

/** "07:05", by a 24-hour clock. */
export function clockText(at: Date, timeZone: string | undefined): string {
  return at.toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}

/** The zone when this Node knows it. */
export function knownTimeZone(zone: unknown): string | undefined {
  if (typeof zone !== "string") return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return undefined;
  }
}
