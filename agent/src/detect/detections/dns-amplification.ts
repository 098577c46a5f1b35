import { defineDetection } from "../define.ts";
import { REFLECTION_ADVICE, REFLECTION_DEFAULTS, Reflection } from "../reflection.ts";

const DEFAULTS = {
  ...REFLECTION_DEFAULTS,
  /** The limit of DNS without EDNS (RFC 1035 §4.2.1): answers above it are the ones worth reflecting. */
  largeOctets: 512,
};

/** Question types whose answers are many times the question. */
const AMPLIFYING: ReadonlySet<string> = new Set(["ANY", "TXT", "DNSKEY", "RRSIG", "NS", "MX", "SRV"]);

export const dnsAmplification = defineDetection<typeof DEFAULTS, Reflection>({
  id: "flood.dns-amplification",
  signatureId: 7700030,
  kind: "dns_amplification",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1498.002" }],
  advice: REFLECTION_ADVICE,
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) =>
    new Reflection(settings, { protocol: "DNS", questions: "DNS queries of amplifying types (ANY, TXT, DNSKEY)" }),
  on: {
    dns(event, state, context) {
      if (event.flow.proto !== "UDP") return;
      if (event.data.isResponse) state.answer(event, event.data.length, context);
      else state.question(event, event.data.length, AMPLIFYING.has(event.data.type), context);
    },
  },
});
