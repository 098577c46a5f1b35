/**
 * Caps of the tables, powers of two. A home has 20 to 150 machines; what is beyond a cap is not told apart and not judged, which costs nothing:
 * what is wrong with a tap shows in the first thousand packets as in all others.
 */
export const MACS = 1024;
export const MAC_PAIRS = 8192;
export const ADDRESSES = 8192;
export const CONNECTIONS = 16_384;
