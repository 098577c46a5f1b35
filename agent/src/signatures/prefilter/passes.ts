/** How patterns of some lengths are looked for: one walk over the window, one word of each pattern at each place where the walk can meet it. */
export interface PassKind {
  /** Patterns of at least so many octets, and too short for the kind before. */
  readonly minOctets: number;
  /** Octets of a word. */
  readonly width: number;
  /** Octets from one look to the next. Each pattern has an entry for each of the `step` ways in which it can lie under the looks. */
  readonly step: number;
}

/**
 * A pattern of n octets holds a whole word of 4 at a multiple of s for certain when n ≥ s + 3. Longer steps need less looks and more entries. Short
 * patterns cost a look at every octet, so a set is best without any.
 */
const LONG: PassKind = { minOctets: 7, width: 4, step: 4 };
const MIDDLE: PassKind = { minOctets: 5, width: 4, step: 2 };
const SHORT: readonly PassKind[] = [
  { minOctets: 3, width: 3, step: 1 },
  { minOctets: 2, width: 2, step: 1 },
  { minOctets: 1, width: 1, step: 1 },
];

/**
 * The passes that patterns of these lengths need, none of them empty. Where there are patterns of 5 or 6 octets, all longer ones go with them: their walk
 * looks at every word that the longer ones' would look at, and more.
 */
export function kindsFor(lengths: readonly number[]): readonly PassKind[] {
  const hasMiddle = lengths.some((length) => length >= MIDDLE.minOctets && length < LONG.minOctets);
  const kinds = [hasMiddle ? MIDDLE : LONG, ...SHORT];
  return kinds.filter(({ minOctets }, i) => {
    const below = kinds[i - 1]?.minOctets ?? Number.POSITIVE_INFINITY;
    return lengths.some((length) => length >= minOctets && length < below);
  });
}
