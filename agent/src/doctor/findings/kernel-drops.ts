import { defineFinding } from "../define.ts";
import { counted, nameOf, percent } from "../words.ts";

/**
 * Packets lost, of all. What is read of a connection is in its first ten or so packets: at one lost in a thousand, one connection in a hundred is
 * hurt, which begins to be felt in names and alarms.
 */
const SHARE = 0.001;
/** Fewer are a hiccup of the start. */
const LEAST = 10;

/** This machine is too slow for what comes, or its network card is. */
export const kernelDrops = defineFinding({
  id: "kernel_drops",
  level: "problem",
  hides: [],
  judge(seen) {
    const card = seen.host?.cardDrops ?? 0;
    const lost = seen.kernelDrops + card;
    const all = seen.frames + lost;
    if (lost < LEAST || lost < all * SHARE) return undefined;
    const name = nameOf(seen);
    return {
      title: "Packets are lost on the way in",
      evidence: [
        `${counted(lost, "packet")} of ${all} (${percent(lost / all)}) were lost: ${seen.kernelDrops} by the kernel, ${card} by the network card.`,
      ],
      numbers: { lost, kernel: seen.kernelDrops, card, share: lost / all },
      fix: [
        "See what else keeps this machine busy: top",
        'Leave out what need not be watched, as a backup between two machines: filter: "not (host 192.168.1.10 and host 192.168.1.20)" at the source.',
        ...(card > 0 ? [`Give the card more room: sudo ethtool -G ${name} rx 4096`] : []),
        "Against short bursts: buffer_mib: 256 at the source.",
      ],
    };
  },
});
