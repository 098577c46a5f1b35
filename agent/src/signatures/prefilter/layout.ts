/*
 * All tables of a prefilter lie in one block of octets, so that WebAssembly can have a copy of it anywhere. Places are octets from the start of the
 * block and multiples of 16. prefilter.wat reads the same numbers.
 */

/** Words (Int32) of the header. */
export const H_PASSES = 0;
/** Int32 for each pattern: its id. */
export const H_IDS = 1;
/** Two Int32 for each pattern: least start and greatest end, from the window's start. */
export const H_RANGES = 2;
/** Int32 for each pattern: the scan that last reported it. */
export const H_STAMPS = 3;
/** Int32 for each pattern: place of its octets. They lie in pieces of 16, each followed by 16 masks of the bits that must agree; 0 behind the end. */
export const H_PLACES = 4;
export const HEADER_WORDS = 8;

/** Words of each pass, one after the other behind the header. */
export const P_STEP = 0;
export const P_WIDTH = 1;
/** The bits of a word that are looked at. */
export const P_MASK = 2;
/** A blocked Bloom filter: the top bits of a hash choose an Int32, the next twice five bits the two bits in it that must be set. */
export const P_BLOOM = 3;
export const P_BLOOM_SHIFT = 4;
/** Int32 for each bucket, which is the top bits of a hash, and one more: its first entry. */
export const P_HEADS = 5;
export const P_HEAD_SHIFT = 6;
/** Four Int32 an entry: word, edge, mask of the edge, and pattern << 16 | octets of the pattern before the word << 8 | its length. */
export const P_ENTRIES = 7;
/** Three sets of octets, 16 octets each: which can be the first, second, third of a word. A bit for each high half, at the low half. */
export const P_SETS = 8;
/** The hash of a word is word * multiplier + salt. */
export const P_MULTIPLIER = 9;
export const P_SALT = 10;
/** Patterns of the pass: when all have been told, the pass is over. */
export const P_PATTERNS = 11;
export const PASS_WORDS = 12;

export const PIECE = 16;
export const ENTRY_WORDS = 4;

/** Which four octets of a pattern are compared before its memory is touched: those at the end that is further from the word. */
export const edgeOf = (length: number, before: number): number =>
  length <= 4 || before * 2 >= length - 4 ? 0 : length - 4;

/**
 * What one pass over a window may do behind the filter: so much and for each octet so much more. An entry whose word is there costs one, and one more for
 * each piece of its pattern. Ordinary traffic needs less than 0.1 an octet, and 2 where a pattern of one or two octets stands everywhere. When all is spent
 * the scan ends: octets made to fit many patterns cost a bounded time.
 */
export const WORK_FLOOR = 1024;
export const WORK_PER_OCTET = 4;
