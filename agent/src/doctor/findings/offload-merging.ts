import { defineFinding } from "../define.ts";
import { counted, nameOf } from "../words.ts";

/** One odd length may be damage; three are a habit. */
const LEAST = 3;
/** Segment size of a plain Ethernet link over IPv4 (RFC 6691). Hosts that announce more use jumbo frames. */
const PLAIN_MSS = 1460;

/** The network card, or the kernel, joins packets into larger ones before the tap sees them (LRO, GRO). */
export const offloadMerging = defineFinding({
  id: "offload_merging",
  level: "problem",
  hides: [],
  judge(seen) {
    // Where jumbo frames are in use, only what is longer than any of them is sure to be merged.
    const hasJumbo = seen.largestMss > PLAIN_MSS;
    const merged = hasJumbo ? seen.hugeTcp : seen.longTcp;
    if (merged < LEAST) return undefined;
    const name = nameOf(seen);
    return {
      title: "The network card merges packets",
      evidence: [
        `${counted(merged, "TCP packet")} longer than ${hasJumbo ? "any Ethernet frame" : "the 1500 octets that a cable carries"}; the longest had ${seen.longest}.`,
      ],
      numbers: { merged, longest: seen.longest, largest_mss: seen.largestMss },
      fix: [
        seen.isLive
          ? `Switch it off: sudo ethtool -K ${name} gro off lro off`
          : "On the machine that records: sudo ethtool -K eth1 gro off lro off (and tso off gso off on a machine that records itself)",
        "To keep it so after a restart, put the command into the network settings: the tap guide says where.",
      ],
    };
  },
});
