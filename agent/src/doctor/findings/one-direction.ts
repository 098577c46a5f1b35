import { defineFinding } from "../define.ts";
import { isOneDirection, missingDirection } from "../direction.ts";
import { counted } from "../words.ts";

/** The mirror copies what a port takes in, or what it puts out, but not both. How it is told: doctor/direction.ts. */
export const oneDirection = defineFinding({
  id: "one_direction",
  level: "problem",
  hides: ["asymmetric_tcp", "silent_devices", "own_traffic_only", "too_short"],
  judge(seen) {
    if (!isOneDirection(seen)) return undefined;
    const { tcp } = seen;
    const outside = tcp.outsideOnlyOut + tcp.outsideOnlyIn;
    const missing = missingDirection(tcp);
    return {
      title: "The tap shows one direction only",
      evidence: [
        tcp.outsideBothWays + outside === 0
          ? `Of ${counted(tcp.oneWay + tcp.bothWays, "TCP connection")}, ${tcp.oneWay} show one side, though that side has heard the other.`
          : `Of ${counted(tcp.outsideBothWays + outside, "TCP connection")} with the outside, ${outside} show one side, though that side has heard the other.`,
        ...(missing === "" ? [] : [missing]),
        ...(tcp.examples.length > 0 ? [`For example ${tcp.examples.join(", ")}.`] : []),
      ],
      numbers: {
        tcp_one_way: tcp.oneWay,
        tcp_both_ways: tcp.bothWays,
        only_out: tcp.outsideOnlyOut,
        only_in: tcp.outsideOnlyIn,
      },
      fix: [
        'In the mirror\'s settings choose both directions: "Both", "Rx + Tx" or "Ingress and egress", not one of them.',
        "If the switch can copy one direction only, mirror that of all ports to the home and that of the port to the router.",
      ],
    };
  },
});
