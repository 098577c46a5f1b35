import type { Severity } from "@lanwarden/contract/kinds";

const HOUR_US = 3_600_000_000;

/**
 * Time after which an incident weighs half, from when it was last seen. The worse it was, the longer it is worth a second look: a
 * compromised device stays suspect for weeks, a scan from outside is gone tomorrow.
 */
const HALF_LIFE_US: Readonly<Record<Severity, number>> = {
  critical: 7 * 24 * HOUR_US,
  high: 3 * 24 * HOUR_US,
  medium: 24 * HOUR_US,
  low: 6 * HOUR_US,
  info: HOUR_US,
};

/** Share of its weight that an incident has `ageUs` after it was last seen: 1 at once, 1/2 after a half-life, never negative time. */
export function decay(severity: Severity, ageUs: number): number {
  return 2 ** (-Math.max(0, ageUs) / HALF_LIFE_US[severity]);
}
