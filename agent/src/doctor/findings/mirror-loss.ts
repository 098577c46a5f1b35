import { defineFinding } from "../define.ts";
import { counted, nameOf, percent } from "../words.ts";

/**
 * Holes, of segments with content: as for losses on this machine (kernel-drops.ts), one in a thousand is where it begins to be felt, and fewer than ten
 * are a hiccup. How holes are told from what the network lost: doctor/segment-gaps.ts.
 */
const SHARE = 0.001;
const LEAST = 10;

/** Packets were there and never reached this machine: the mirror's target port is slower than what is mirrored into it. */
export const mirrorLoss = defineFinding({
  id: "mirror_loss",
  level: "problem",
  hides: [],
  judge(seen) {
    const { holes, segments, kernelDrops } = seen;
    const all = segments + holes;
    // What the kernel has dropped makes holes too, and is told as such.
    if (holes < LEAST || holes < all * SHARE || kernelDrops >= holes) return undefined;
    return {
      title: seen.isLive ? "The mirror loses packets on the way to this machine" : "Packets are missing in the capture",
      evidence: [
        `${counted(holes, "gap")} in ${counted(segments, "TCP packet")} with content (${percent(holes / all)}): their receivers have confirmed what was in them, so it was there.`,
        kernelDrops === 0
          ? "This machine has not counted a loss."
          : `This machine has counted ${kernelDrops.toLocaleString("en")} lost, which does not explain it.`,
      ],
      numbers: { holes, segments, share: holes / all, kernel: kernelDrops },
      fix: [
        "See how full the mirrored port is: both directions of a full gigabit port do not fit into one gigabit port. Use a faster target port, or mirror less.",
        `See that the link of the cable is at full speed: ethtool ${nameOf(seen)} | grep Speed`,
        "A small router that mirrors in software cannot keep up with a fast line: use a switch.",
      ],
    };
  },
});
