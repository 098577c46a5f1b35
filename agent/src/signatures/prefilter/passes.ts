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
 * A pattern of n octets holds a whole word of 4 at a multiple of s for certain when n ≥ s + 3. Longer steps need less looks, and more entries in
 * the table. Short patterns cost a look at every octet, so few of them are best.
 */
export const PASS_KINDS: readonly PassKind[] = [
  { minOctets: 7, width: 4, step: 4 },
  { minOctets: 5, width: 4, step: 2 },
  { minOctets: 3, width: 3, step: 1 },
  { minOctets: 2, width: 2, step: 1 },
  { minOctets: 1, width: 1, step: 1 },
];

export const kindOf = (octets: number): number => PASS_KINDS.findIndex(({ minOctets }) => octets >= minOctets);
