import { defineFinding } from "../define.ts";
import { counted, nameOf, percent } from "../words.ts";

/** Packets of others before their kind is judged: one second of a quiet home of twenty devices, ten of one with three. */
const LEAST_PACKETS = 20;
/**
 * Share of packets from one machine to another. A switch floods what is for a machine that it has forgotten to all ports, until that one answers:
 * a few packets in five minutes (802.1D §7.9 ageing), and never both directions of a talk. On a mirror port most packets are unicast.
 */
const FLOODED_SHARE = 0.1;

/** An ordinary switch port: what is for everybody arrives, what is for one machine does not. */
export const onlyBroadcast = defineFinding({
  id: "only_broadcast",
  level: "problem",
  hides: ["one_direction", "asymmetric_tcp", "silent_devices", "own_traffic_only", "wan_side", "too_short"],
  judge(seen) {
    const others = seen.unicast + seen.group - seen.own;
    const unicast = seen.unicast - seen.ownUnicast;
    if (others < LEAST_PACKETS || unicast > others * FLOODED_SHARE) return undefined;
    if (seen.pairsBothWays > 0 || seen.tcp.bothWays > 0) return undefined;
    const name = nameOf(seen);
    return {
      title: "Only broadcasts arrive: this is not a mirror port",
      evidence: [
        `Of ${counted(others, "packet")} of other machines, ${others - unicast} (${percent((others - unicast) / others)}) were for everybody or a group.`,
        unicast === 0
          ? "Not one went from one machine to another."
          : `${counted(unicast, "packet")} went to one machine, and no answer to them came: a switch does that now and then with what it cannot place.`,
      ],
      numbers: { packets_of_others: others, unicast_of_others: unicast },
      fix: [
        "In the pages of your switch look for Mirroring, Port mirror, SPAN or Monitor. Source: the port to the router, both directions. Target: the port with the cable to this machine.",
        `Make sure that the cable from that target port is in ${name}: ip -brief link`,
        "A switch without such a page cannot mirror: put a small managed one between router and the rest.",
      ],
    };
  },
});
