/** RFC 3339 in UTC with microseconds, the form of EVE: "2026-11-22T17:00:00.000123+0000". */
export function eveTime(us: number): string {
  return `${stamp(us)}+0000`;
}

/** RFC 3339 with microseconds and "+00:00", the form of incidents and devices. */
export function isoTime(us: number): string {
  return `${stamp(us)}+00:00`;
}

/** Parses what {@link isoTime} and {@link eveTime} make, to microseconds. */
export function parseTimeUs(text: string): number {
  const fraction = /\.(\d{3})(\d{3})/.exec(text);
  return (
    Date.parse(text.replace(/(\.\d{3})\d+/, "$1").replace(/\+(\d\d)(\d\d)$/, "+$1:$2")) * 1000 +
    Number(fraction?.[2] ?? 0)
  );
}

// Years that Date cannot write in four digits come from damaged captures only; they are shown as the nearest that it can.
const FIRST_US = -62_135_596_800_000_000;
const LAST_US = 253_402_300_799_000_000;

function stamp(us: number): string {
  const safe = Number.isFinite(us) ? Math.min(Math.max(Math.trunc(us), FIRST_US), LAST_US) : 0;
  const micros = ((safe % 1_000_000) + 1_000_000) % 1_000_000;
  const whole = (safe - micros) / 1000;
  return `${new Date(whole).toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}`;
}
