import { defineFinding } from "../define.ts";
import { counted, nameOf, percent } from "../words.ts";

/** All packets longer than one length are cut there: that is a snap length. Others cut a packet here and there, where it is bulk. */
const NEARLY_ALL = 0.9;
const LEAST = 10;
const SHARE = 0.01;

/** Packets are kept only in part. */
export const snaplenCut = defineFinding({
  id: "snaplen_cut",
  level: "problem",
  hides: [],
  judge(seen) {
    if (seen.cut < LEAST || seen.cut < seen.frames * SHARE || seen.cutAtLongest < seen.cut * NEARLY_ALL)
      return undefined;
    return {
      title: "Packets are cut",
      evidence: [
        `${counted(seen.cut, "packet")} of ${seen.frames} (${percent(seen.cut / seen.frames)}) were longer than ${seen.longestCaptured} octets, and their end is missing.`,
        "What is in the missing part, as names of servers and log-ins, cannot be read.",
      ],
      numbers: { cut: seen.cut, packets: seen.frames, length: seen.longestCaptured },
      fix: [
        seen.isLive
          ? `Take snaplen out of the source ${nameOf(seen)} in the configuration, or set it to 0.`
          : "Record whole packets: tcpdump -s 0, dumpcap without -s.",
        "Some routers cut what they mirror: look for a truncation setting there.",
      ],
    };
  },
});
