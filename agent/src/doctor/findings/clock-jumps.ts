import { defineFinding } from "../define.ts";
import { counted } from "../words.ts";

/**
 * Packet time that goes back by more than a second or on by more than an hour (doctor/frame-tally.ts). Cards with several queues swap packets within
 * milliseconds, and no home is silent for an hour, so neither happens by itself.
 */
export const clockJumps = defineFinding({
  id: "clock_jumps",
  level: "problem",
  hides: [],
  judge(seen) {
    const steps = seen.host?.clockSteps ?? 0;
    const total = seen.stepsBack + seen.stepsOn + steps;
    if (total === 0) return undefined;
    const largest = Math.round(seen.largestStepSeconds);
    return {
      title: "The clock jumps",
      evidence: [
        `The time of packets went back ${seen.stepsBack} × by more than a second and on ${seen.stepsOn} × by more than an hour${largest > 0 ? `; the largest step was ${largest.toLocaleString("en")} s` : ""}.`,
        ...(steps > 0 ? [`This machine's clock was set ${counted(steps, "time")} while it listened.`] : []),
      ],
      numbers: { back: seen.stepsBack, on: seen.stepsOn, clock_set: steps, largest_seconds: seen.largestStepSeconds },
      fix: seen.isLive
        ? [
            "Let the clock be kept by the network: sudo timedatectl set-ntp true, and see: timedatectl",
            "A Raspberry Pi before version 5 has no clock of its own and is wrong until it reaches the network: start the service after that.",
          ]
        : [
            "If several recordings were joined, look at each for itself.",
            "If it is one, the recording machine's clock was set meanwhile: durations and rates across the step mean nothing.",
          ],
    };
  },
});
