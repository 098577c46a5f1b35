/** A literal that signatures look for. */
export interface Pattern {
  /** What a hit is told as: any number that fits an Int32Array. Patterns with the same octets should be one pattern of the caller's. */
  readonly id: number;
  /** 1 to 255 octets. */
  readonly octets: Uint8Array;
  /** ASCII letters match in either case. */
  readonly nocase?: boolean;
  /** The pattern starts so many octets after the window's start, or later (Suricata's `offset`). */
  readonly offset?: number;
  /** It ends at most so many octets after `offset` (Suricata's `depth`); not below the pattern's length. */
  readonly depth?: number;
}

/** More than any published rule set has; pattern numbers are kept in 16 bits. */
export const MAX_PATTERNS = 50_000;
/** Lengths are kept in 8 bits. A longer content can be looked for by a part of it. */
export const MAX_PATTERN_OCTETS = 255;

/**
 * All octets are compared without bit 5 first: it is what tells an ASCII letter's case. So one table serves patterns of both kinds, for one AND a
 * word instead of one entry for each spelling.
 */
export const FOLD = 0xdf;
/** The same for words of `width` octets. */
export const maskOf = (width: number): number => 0xdfdf_dfdf >>> ((4 - width) * 8);

const isLetter = (octet: number): boolean => (octet & FOLD) >= 0x41 && (octet & FOLD) <= 0x5a;

/** The bits of a pattern's octet that must agree. */
export const caseMask = (octet: number, nocase: boolean): number => (nocase && isLetter(octet) ? FOLD : 0xff);

/** @throws RangeError that names the pattern: rules are checked by their parser, so this is a fault of the program. */
export function checkPatterns(patterns: readonly Pattern[]): void {
  if (patterns.length > MAX_PATTERNS) throw new RangeError(`${patterns.length} patterns: at most ${MAX_PATTERNS}`);
  for (const { id, octets, offset = 0, depth } of patterns) {
    if (id !== (id | 0)) throw new RangeError(`pattern ${id}: ids are whole numbers of 32 bits`);
    if (octets.length < 1 || octets.length > MAX_PATTERN_OCTETS)
      throw new RangeError(`pattern ${id}: ${octets.length} octets, not 1 to ${MAX_PATTERN_OCTETS}`);
    const isWhole = Number.isInteger(offset) && Number.isInteger(depth ?? 0);
    if (!isWhole || offset < 0 || offset > 0xffff || (depth !== undefined && (depth < octets.length || depth > 0xffff)))
      throw new RangeError(`pattern ${id}: offset ${offset} and depth ${depth} do not fit it`);
  }
}
