import { defineFinding } from "../define.ts";
import { counted } from "../words.ts";

/** Pairs of machines with tags one way: one may be a bridge of its own kind. */
const LEAST_PAIRS = 2;

/** VLAN tags are missing in one direction, or altogether where several networks share the link. */
export const vlanTagsStripped = defineFinding({
  id: "vlan_tags_stripped",
  level: "problem",
  hides: [],
  judge(seen) {
    const half = seen.pairsHalfTagged >= LEAST_PAIRS;
    const shared = seen.tagged === 0 && seen.sharedNetworks.length > 1;
    if (!half && !shared) return undefined;
    return {
      title: half ? "VLAN tags are there in one direction only" : "Several networks arrive without their VLAN tags",
      evidence: [
        ...(half
          ? [
              `${counted(seen.pairsHalfTagged, "pair")} of machines send tagged in one direction and untagged in the other.`,
            ]
          : []),
        ...(shared
          ? [
              `One router has an address in each of ${seen.sharedNetworks.join(" and ")}, with other machines in them, and no packet has a tag.`,
              "Devices are still told apart; which network a packet belonged to is lost.",
            ]
          : []),
      ],
      numbers: {
        half_tagged_pairs: seen.pairsHalfTagged,
        shared_networks: seen.sharedNetworks.length,
        tagged: seen.tagged,
      },
      fix: [
        "Make the mirror's target port keep tags: a trunk (tagged) port for all VLANs, or the mirror's setting to keep or replicate tags.",
        "If the networks really share one cable without VLANs, nothing needs to be done.",
      ],
    };
  },
});
