import { defineDetection } from "../define.ts";
import { REFLECTION_ADVICE, REFLECTION_DEFAULTS, Reflection } from "../reflection.ts";

const DEFAULTS = {
  ...REFLECTION_DEFAULTS,
  /** Any answer counts: SSDP is made for one link (TTL 2, multicast), so that each answer to the internet is one too many. */
  largeOctets: 1,
};

export const ssdpAmplification = defineDetection<typeof DEFAULTS, Reflection>({
  id: "flood.ssdp-amplification",
  signatureId: 7700032,
  kind: "ssdp_amplification",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1498.002" }],
  advice: REFLECTION_ADVICE,
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) => new Reflection(settings, { protocol: "SSDP", questions: "SSDP searches" }),
  on: {
    ssdp(event, state, context) {
      const { kind, length } = event.data;
      if (kind === "response") state.answer(event, length, context);
      else if (kind === "search") state.question(event, length, true, context);
    },
  },
});
