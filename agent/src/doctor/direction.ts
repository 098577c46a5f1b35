import type { TapObservation, TcpHalves } from "./observation.ts";

/** Connections that can be judged: fewer may be one odd way. */
const LEAST_CONNECTIONS = 5;
/** A mirror of one direction shows both sides of nothing, but for what turns round inside of the home. */
const NEARLY_ALL = 0.9;

/** True if nearly all connections, or nearly all with the outside, show one side and have heard the other. */
export function isOneDirection({ tcp }: TapObservation): boolean {
  const outsideOneWay = tcp.outsideOnlyOut + tcp.outsideOnlyIn;
  return isNearlyAll(tcp.oneWay, tcp.bothWays) || isNearlyAll(outsideOneWay, tcp.outsideBothWays);
}

function isNearlyAll(oneWay: number, bothWays: number): boolean {
  return oneWay >= LEAST_CONNECTIONS && oneWay >= (oneWay + bothWays) * NEARLY_ALL;
}

/** Which direction is missing, in a sentence; empty when it is not one and the same. */
export function missingDirection(tcp: TcpHalves): string {
  const { outsideOnlyOut: out, outsideOnlyIn: into } = tcp;
  if (out >= (out + into) * NEARLY_ALL && out > 0)
    return "What devices send out is there, what comes back from outside is missing.";
  if (into >= (out + into) * NEARLY_ALL && into > 0)
    return "What comes from outside is there, what devices send out is missing.";
  return "";
}
