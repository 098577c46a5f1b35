import { defineFinding } from "../define.ts";
import { isOneDirection } from "../direction.ts";
import { counted, percent } from "../words.ts";

/**
 * Connections that show one side, as a share of those that can be judged. A working mirror has none but where it loses packets: that all packets of a
 * side are lost needs a loss that shows as kernel drops first. So three are more than chance, and one in twenty is more than a damaged minute.
 * Connections inside of the home do not count: a switch that has forgotten where a machine is floods one side of them to all ports.
 */
const LEAST_CONNECTIONS = 3;
const SHARE = 0.05;

/** Part of the traffic takes a way back (or there) that is not mirrored. */
export const asymmetricTcp = defineFinding({
  id: "asymmetric_tcp",
  level: "problem",
  hides: ["too_short"],
  judge(seen) {
    const { tcp } = seen;
    const oneWay = tcp.oneWay - tcp.lanOneWay;
    const judged = oneWay + tcp.bothWays - tcp.lanBothWays;
    if (oneWay < LEAST_CONNECTIONS || oneWay < judged * SHARE || isOneDirection(seen)) return undefined;
    return {
      title: "Some connections show one side only",
      evidence: [
        `Of ${counted(judged, "TCP connection")}, ${oneWay} (${percent(oneWay / judged)}) show one side, though that side has heard the other.`,
        `Seen of them: ${tcp.onlySyn} × the client (its SYN and what follows), ${tcp.onlySynAck} × the server (SYN-ACK), ${tcp.onlyMiddle} × one side of one that was open already.`,
        ...(tcp.examples.length > 0 ? [`For example ${tcp.examples.join(", ")}.`] : []),
      ],
      numbers: {
        tcp_one_way: oneWay,
        tcp_both_ways: tcp.bothWays - tcp.lanBothWays,
        only_syn: tcp.onlySyn,
        only_syn_ack: tcp.onlySynAck,
        only_middle: tcp.onlyMiddle,
      },
      fix: [
        "Look for a second way: a second internet connection, a link of two cables between switch and router of which one is mirrored, Wi-Fi on one side and cable on the other. Mirror that port too.",
        "Check that the mirror copies both directions of each of its source ports.",
      ],
    };
  },
});
