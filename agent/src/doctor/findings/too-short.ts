import { defineFinding } from "../define.ts";
import { counted } from "../words.ts";

/**
 * Healthy is said on proof: two devices whose packets come both ways, and some traffic. In a capture, where nobody knows which machine listened,
 * two addresses must have talked without the busiest one: that one might be the listener.
 */
const LEAST_DEVICES = 2;
const LEAST_PACKETS = 100;
/** Without MACs (a router's tunnel or dial-up link): connections that are seen both ways. */
const LEAST_CONNECTIONS = 5;

/** Nothing is wrong so far, but what was seen does not suffice to say that all is well. */
export const tooShort = defineFinding({
  id: "too_short",
  level: "problem",
  hides: [],
  judge(seen) {
    const isProven = seen.hasMacs ? seen.devicesBothWays >= LEAST_DEVICES : seen.tcp.bothWays >= LEAST_CONNECTIONS;
    const hasOthers = seen.isLive || (seen.busiest?.otherPairs ?? 1) > 0;
    if (isProven && hasOthers && seen.frames >= LEAST_PACKETS) return undefined;
    return {
      title: "Too little was seen to judge",
      evidence: [
        `${counted(seen.frames, "packet")} in ${seen.seconds.toFixed(1)} s, of ${counted(seen.devices, "device")}; packets both ways of ${seen.devicesBothWays}.`,
        ...(seen.frames > 0 && seen.unicast === seen.ownUnicast
          ? ["So far no packet went from one other machine to another, as on a port that is not mirrored."]
          : []),
        `To be sure it takes ${LEAST_PACKETS} packets, and two devices whose packets are seen both ways.`,
      ],
      numbers: { packets: seen.frames, devices: seen.devices, devices_both_ways: seen.devicesBothWays },
      fix: seen.isLive
        ? [
            "Open a web page on a phone and on a computer, and try again for longer: lanwarden doctor --seconds 120",
            "If it stays so, other devices do not pass the mirrored port.",
          ]
        : ["Record a few minutes in which at least two devices are used."],
    };
  },
});
