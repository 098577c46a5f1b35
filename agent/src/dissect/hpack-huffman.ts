import { u8 } from "../core/bytes.ts";

/**
 * Bits of the code of each octet and of EOS (256), in runs "bits" or "bitsxcount" (RFC 7541 appendix B). The code is canonical: within a length,
 * codes rise with the octet, and each length goes on where the one before ended; so the lengths say it all.
 */
const CODE_LENGTHS =
  "13 23 28x7 24 30 28x2 30 28x8 30 28x9 6 10x2 12 13 6 8 11 10x2 8 11 8 6x3 5x3 6x7 7 8 15 6 12 10 13 6 7x22 8 7 8 13 19 13 14 6 15 " +
  "5 6 5 6 5 6x3 5 7x2 6x3 5 6 7 6 5x2 6 7x5 15 11 14 13 28 20 22 20x2 22x3 23 22 23x5 24 23 24x2 22 23 24 23x4 21 22 23 22 23x2 24 " +
  "22 21 20 22x2 23x2 21 23 22x2 24 21 22 23x2 21x2 22 21 23 22 23x2 20 22x3 23 22x2 23 26x2 20 19 22 23 22 25 26x3 27x2 26 24 25 " +
  "19 21 26 27x2 26 27 24 21x2 26x2 28 27x3 20 24 20 21 22 21x2 23 22x2 25x2 24x2 26 23 26 27 26x2 27x5 28 27x5 26 30";

const EOS = 256;
const LONGEST_CODE = 30;
/** Padding is shorter than an octet (RFC 7541 §5.2). */
const MOST_PADDING = 7;
/** An octet takes at least so many bits: how far a text can grow. */
const SHORTEST_CODE = 5;

/** Octets that a text of `length` coded octets can have. */
export const huffmanRoom = (length: number): number => Math.ceil((length * 8) / SHORTEST_CODE);

/** Nodes of the code tree in pairs, for a 0 and a 1: the next node, or ~octet at a leaf. The root is node 0. */
const tree = makeTree();

function makeTree(): Int16Array {
  const lengths = CODE_LENGTHS.split(" ").flatMap((run) => {
    const [bits = "0", count = "1"] = run.split("x");
    return Array<number>(Number(count)).fill(Number(bits));
  });
  const nodes = new Int16Array(2 * lengths.length);
  let used = 1;
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      let node = 0;
      for (let bit = length - 1; bit > 0; bit--) {
        const branch = 2 * node + ((code >>> bit) & 1);
        if (nodes[branch] === 0) nodes[branch] = used++;
        node = nodes[branch] ?? 0;
      }
      nodes[2 * node + (code & 1)] = ~symbol;
      code++;
    }
    code <<= 1;
  }
  return nodes;
}

const branchAt = (branch: number): number => tree[branch] ?? 0;

/** Decodes [off, end) to the start of `text`, which has {@link huffmanRoom}. Returns the octets written; -1 for what is no such code. */
export function decodeHuffman(buf: Uint8Array, off: number, end: number, text: Uint8Array): number {
  let length = 0;
  let node = 0;
  let pending = 0;
  let areOnes = true;
  for (let i = off; i < end; i++) {
    const octet = u8(buf, i);
    for (let bit = 7; bit >= 0; bit--) {
      const value = (octet >>> bit) & 1;
      const next = branchAt(2 * node + value);
      if (next < 0) {
        if (~next === EOS) return -1;
        text[length++] = ~next;
        node = 0;
        pending = 0;
        areOnes = true;
      } else {
        node = next;
        pending++;
        areOnes &&= value === 1;
      }
    }
  }
  return areOnes && pending <= MOST_PADDING ? length : -1;
}
