import { finishHash, mixWord, wideId } from "../core/hash.ts";

/** A flow id of 53 bits from the text that names a flow elsewhere; the same text and seed give the same id. */
export function flowIdOf(text: string, seed: number): number {
  let low = seed | 0;
  let high = mixWord(seed | 0, text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = mixWord(low, code);
    high = mixWord(high ^ low, code + i);
  }
  return wideId(finishHash(high), finishHash(low));
}
