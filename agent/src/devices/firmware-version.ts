/** Marks of a version that comes before the one without them. */
const BEFORE = new Set(["alpha", "beta", "dev", "nightly", "pre", "preview", "rc", "snapshot"]);
const MAX_PARTS = 16;

type Part = number | string;

/**
 * True when `latest` is offered for `installed` and is not older than it. Makers write versions in many ways ("v1.4.4", "3.1.0.2649_23083101",
 * "20230913-112003/v1.14.0-gcb84623", "2.0-beta1", "2024.6.0b1"): numbers are compared in order, a beta comes before its release, and where only
 * letters differ ("1.0.2" and "1.0.2a") the offer is believed.
 */
export function isOlderVersion(installed: string, latest: string): boolean {
  const [ours, theirs] = [split(partsOf(installed)), split(partsOf(latest))];
  const order = compareNumbers(ours.release, theirs.release);
  if (order !== 0) return order < 0;
  if (ours.before.length === 0 && theirs.before.length === 0) return words(ours.release) !== words(theirs.release);
  if (ours.before.length === 0 || theirs.before.length === 0) return theirs.before.length === 0;
  const [a, b] = [words(ours.before), words(theirs.before)];
  return a === b ? compareNumbers(ours.before, theirs.before) < 0 : a < b;
}

/** Runs of digits as numbers, runs of letters in lower case. A commit's hash tells no order, and "v" before a number means nothing. */
function partsOf(version: string): Part[] {
  return [
    ...version
      .toLowerCase()
      .replace(/-g[0-9a-f]{7,40}(?![0-9a-z])/g, "")
      .matchAll(/(\d+)|(?!v\d)([a-z]+)/g),
  ]
    .slice(0, MAX_PARTS)
    .map(([, digits, letters]) => (digits === undefined ? (letters ?? "") : Number(digits)));
}

/** What comes before the first mark of a beta, and what from it on. A single a or b is one when a number follows. */
function split(parts: readonly Part[]): { release: readonly Part[]; before: readonly Part[] } {
  const at = parts.findIndex(
    (part, i) =>
      typeof part === "string" && (BEFORE.has(part) || (/^[ab]$/.test(part) && typeof parts[i + 1] === "number")),
  );
  return at < 0 ? { release: parts, before: [] } : { release: parts.slice(0, at), before: parts.slice(at) };
}

/** A number that one of the two lacks counts as zero, so that "1.0" is "1.0.0". */
function compareNumbers(a: readonly Part[], b: readonly Part[]): number {
  const [x, y] = [a, b].map((parts) => parts.filter((part) => typeof part === "number"));
  for (let i = 0; i < Math.max(x?.length ?? 0, y?.length ?? 0); i++) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const words = (parts: readonly Part[]): string => parts.filter((part) => typeof part === "string").join(" ");
