import { defineFinding } from "../define.ts";
import { nameOf } from "../words.ts";

/** Nothing came. A home is never silent for the half minute of a look: see the silence of a tap in app/tap-state.ts. */
export const noPackets = defineFinding({
  id: "no_packets",
  level: "problem",
  hides: ["only_broadcast", "too_short"],
  judge(seen) {
    if (seen.frames > 0) return undefined;
    const name = nameOf(seen);
    const { hasCarrier, isUp } = seen.host ?? {};
    const evidence = ["Not one packet came."];
    const fix: string[] = [];
    if (isUp === false) {
      evidence.push(`The interface ${name} is switched off.`);
      fix.push(`Switch it on: sudo ip link set ${name} up`);
    } else if (hasCarrier === false) {
      evidence.push(`The interface ${name} has no link: no cable, or nothing at its other end.`);
      fix.push("Put the cable from the mirror port into this network card; its light must be on.");
    }
    if (seen.isLive) {
      fix.push(
        "Switch the mirror on in the pages of your switch or router: source = the port to the router, target = the port to this machine.",
        `Look whether ${name} is the card that the mirror's cable is in: ip -brief link`,
        "If the source has a filter in the configuration, try without it.",
      );
    } else fix.push("The capture holds no packet: record it again, without a filter.");
    return { title: "No packets come in", evidence, numbers: { packets: 0 }, fix };
  },
});
