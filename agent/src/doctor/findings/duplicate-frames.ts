import { defineFinding } from "../define.ts";
import type { CopyCounts } from "../observation.ts";
import { counted, nameOf, percent } from "../words.ts";

/**
 * Copies within 20 ms, of packets with content. By right a packet comes twice in well under one in a hundred cases; where a mirror copies twice it
 * is up to one in two. From one in twenty on, rates and volumes are visibly wrong.
 */
const SHARE = 0.05;
/** So many that it is no accident of a short look. */
const LEAST_COPIES = 20;

const KINDS: readonly (readonly [kind: keyof Omit<CopyCounts, "judged">, difference: string, fix: string])[] = [
  [
    "same",
    "exactly the same packet twice",
    "The mirror copies a packet where it comes in and where it goes out: mirror the port to the router alone, or one direction of all ports.",
  ],
  [
    "routed",
    "the copy has been through a router (time to live one less)",
    "The port before and the port behind a router are both mirrored: leave out one of them, best the one that is not towards the devices.",
  ],
  [
    "translated",
    "the copy has been through the router's address translation (another address, time to live one less)",
    "Both sides of the router are mirrored: leave out the port towards the modem.",
  ],
  [
    "vlan",
    "the copy has another VLAN tag, or none",
    "The same packet is mirrored with and without its VLAN tag: mirror either the trunk or the ports behind it, not both.",
  ],
  [
    "relayed",
    "the copy has other MAC addresses",
    "The port before and the port behind a repeater or bridge are both mirrored: leave out one of them.",
  ],
];

/** The mirror copies packets more than once. */
export const duplicateFrames = defineFinding({
  id: "duplicate_frames",
  level: "problem",
  hides: [],
  judge(seen) {
    const { copies } = seen;
    const total = KINDS.reduce((sum, [kind]) => sum + copies[kind], 0);
    if (total < LEAST_COPIES || total < copies.judged * SHARE) return undefined;
    const found = KINDS.filter(([kind]) => copies[kind] > 0).sort(([a], [b]) => copies[b] - copies[a]);
    // A kind that is a hundredth of the rest is an accident: its advice would mislead.
    const told = found.filter(([kind]) => copies[kind] >= total / 100);
    return {
      title: "Packets come twice",
      evidence: [
        `${counted(total, "packet")} of ${copies.judged} (${percent(total / copies.judged)}) came again within 20 ms.`,
        ...told.map(([kind, difference]) => `${copies[kind]} ×: ${difference}.`),
      ],
      numbers: {
        judged: copies.judged,
        copies: total,
        same: copies.same,
        vlan: copies.vlan,
        routed: copies.routed,
        translated: copies.translated,
        relayed: copies.relayed,
      },
      fix: [
        ...told.map(([, , fix]) => fix),
        ...(seen.isLive ? [`Look that nothing else listens into ${nameOf(seen)} by a bridge: bridge link`] : []),
      ],
    };
  },
});
