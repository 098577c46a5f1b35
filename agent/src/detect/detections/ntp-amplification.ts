import { defineDetection } from "../define.ts";
import { REFLECTION_ADVICE, REFLECTION_DEFAULTS, Reflection } from "../reflection.ts";

const DEFAULTS = {
  ...REFLECTION_DEFAULTS,
  /** A time answer has 48 octets, with authentication under 100; monlist and control answers carry hundreds. */
  largeOctets: 200,
};

/** RFC 5905 §7.3: modes 6 (control) and 7 (private: monlist); both answer strangers with more than was asked. */
const isManagement = (mode: number): boolean => mode === 6 || mode === 7;

export const ntpAmplification = defineDetection<typeof DEFAULTS, Reflection>({
  id: "flood.ntp-amplification",
  signatureId: 7700031,
  kind: "ntp_amplification",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1498.002" }],
  advice: REFLECTION_ADVICE,
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: (settings) => new Reflection(settings, { protocol: "NTP", questions: "NTP management requests (monlist)" }),
  on: {
    ntp(event, state, context) {
      const { mode, length } = event.data;
      if (!isManagement(mode)) return;
      // Both directions share the mode; the server's port tells which is the answer.
      const isAnswer = event.toServer ? event.flow.clientPort === 123 && event.flow.serverPort !== 123 : true;
      if (isAnswer) state.answer(event, length, context);
      else state.question(event, length, true, context);
    },
  },
});
