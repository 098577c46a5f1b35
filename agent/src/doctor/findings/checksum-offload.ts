import { defineFinding } from "../define.ts";
import { counted, percent } from "../words.ts";

const LEAST = 10;
/** Wrong sums of one sender: a damaged link hurts everybody's packets. */
const ONE_SENDER = 0.95;

/** A machine that records itself sees its packets before the network card has put the checksum in. */
export const checksumOffload = defineFinding({
  id: "checksum_offload",
  level: "notice",
  hides: [],
  judge(seen) {
    const bad = seen.badChecksums;
    if (bad < LEAST || seen.badChecksumMacShare < ONE_SENDER) return undefined;
    return {
      title: "Wrong checksums of one machine: harmless",
      evidence: [
        `${counted(bad, "packet")} of ${seen.checksumsLookedAt} looked at had a wrong checksum, ${percent(seen.badChecksumMacShare)} of them from ${seen.badChecksumMac}.`,
        "That machine leaves checksums to its network card, and the recording is from before that.",
      ],
      numbers: { bad, looked_at: seen.checksumsLookedAt, share_of_one: seen.badChecksumMacShare },
      fix: ["Nothing needs to be done: Lanwarden uses these packets as they are."],
    };
  },
});
