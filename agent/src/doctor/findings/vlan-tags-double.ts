import { defineFinding } from "../define.ts";
import { counted, percent } from "../words.ts";

/** One in a hundred: a few may be a neighbour's noise on a provider's line. */
const SHARE = 0.01;
const LEAST = 10;

/** The mirror puts a tag of its own around the home's. */
export const vlanTagsDouble = defineFinding({
  id: "vlan_tags_double",
  level: "problem",
  hides: [],
  judge(seen) {
    if (seen.doubleTagged < LEAST || seen.doubleTagged < seen.frames * SHARE) return undefined;
    return {
      title: "Packets carry two VLAN tags",
      evidence: [
        `${counted(seen.doubleTagged, "packet")} of ${seen.frames} (${percent(seen.doubleTagged / seen.frames)}) have two tags; outer ones: ${seen.vlans.join(", ")}.`,
        "A home uses one at most: the other is put on by the mirror (RSPAN), or the port leads to the provider.",
      ],
      numbers: { double_tagged: seen.doubleTagged, packets: seen.frames },
      fix: [
        "Use a local mirror (SPAN) instead of one over a VLAN (RSPAN), or make the target port take the mirror's VLAN off (untagged, access).",
        "Packets are read all the same; only their VLAN is told wrong.",
      ],
    };
  },
});
