import type { TapObservation } from "./observation.ts";

/** "1 packet", "1,234 packets". */
export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;

/** "34 %"; small shares keep a digit, so that a few are not none. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value > 0 && value < 10 ? 1 : 0;
  // Nearly all is not all.
  const text = value < 100 && value > 99 ? "99" : value > 0 && value < 0.05 ? "< 0.1" : value.toFixed(digits);
  return `${text} %`;
}

/** The interface, for commands. */
export const nameOf = (seen: TapObservation): string => seen.host?.interface ?? "eth1";
