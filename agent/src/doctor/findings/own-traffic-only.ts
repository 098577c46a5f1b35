import { defineFinding } from "../define.ts";
import { isBehindRouter } from "../wan-signs.ts";
import { counted, nameOf, percent } from "../words.ts";

/** Unicast packets before it is judged whose they are: a few connections. */
const LEAST_PACKETS = 20;
/** A capture has no own addresses to go by: so many packets, all with one machine, that others would have shown. */
const LEAST_IN_CAPTURE = 100;
/** A packet in a hundred may be another's that a switch flooded. */
const NEARLY_ALL = 0.99;

/** A machine's own network card: everything that is not for everybody is from it or for it. */
export const ownTrafficOnly = defineFinding({
  id: "own_traffic_only",
  level: "problem",
  hides: ["silent_devices", "too_short"],
  judge(seen) {
    if (isBehindRouter(seen)) return undefined;
    const fix = [
      "Listen on the card that gets the copy from a mirror port, not on the one that this machine uses for itself: ip -brief link",
      "No mirror port yet? The tap guide says how to get one.",
    ];
    if (seen.isLive) {
      const others = seen.unicast - seen.ownUnicast;
      if (seen.ownUnicast < LEAST_PACKETS || seen.pairsBothWays > 0) return undefined;
      if (seen.ownUnicast < seen.unicast * NEARLY_ALL) return undefined;
      return {
        title: "Only this machine's own traffic is seen",
        evidence: [
          `Of ${counted(seen.unicast, "packet")} for one machine, ${seen.ownUnicast} were from or for this one.`,
          others === 0 ? "No other two machines were seen talking." : `Only ${others} went between others, one way.`,
        ],
        numbers: { unicast: seen.unicast, own_unicast: seen.ownUnicast },
        fix: [`${nameOf(seen)} shows this machine only. ${fix[0]}`, ...fix.slice(1)],
      };
    }
    const { busiest } = seen;
    if (!busiest || seen.ipv4Unicast < LEAST_IN_CAPTURE || busiest.share < NEARLY_ALL) return undefined;
    // With one peer, either could be the listener; one pair of others that talk is enough to show more than one machine.
    if (busiest.peers < 2 || busiest.otherPairs > 0) return undefined;
    return {
      title: "Only one machine's traffic is seen",
      evidence: [
        `${percent(busiest.share)} of ${counted(seen.ipv4Unicast, "packet")} for one machine were from or for ${busiest.ip}, which spoke with ${busiest.peers} others.`,
        "The capture was made on that machine, or with a filter, or no other spoke through the mirrored port.",
      ],
      numbers: { unicast: seen.ipv4Unicast, share: busiest.share, peers: busiest.peers },
      fix,
    };
  },
});
