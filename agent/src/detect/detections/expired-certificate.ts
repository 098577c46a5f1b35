import { certificateFinding, dayOf, serverCertificate, serverText } from "../certificate.ts";
import { defineDetection } from "../define.ts";
import { Rearm } from "../window.ts";

const DEFAULTS = {
  /** One certificate proves it; the same server is told again after this pause only. */
  repeatSeconds: 86_400,
  /** Tolerance for clocks and time zones that are wrong: a day. */
  toleranceSeconds: 86_400,
};

export const expiredCertificate = defineDetection<typeof DEFAULTS, Rearm>({
  id: "tls.expired",
  signatureId: 7700061,
  kind: "expired_certificate",
  severity: "low",
  attack: [{ tactic: "TA0006", technique: "T1557" }],
  advice: [
    "The operator of the server has let its certificate run out: do not enter anything there until it is renewed.",
    "If it is your own device, renew its certificate or update it.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 86_400,
  state: (settings) => new Rearm(settings.repeatSeconds),
  on: {
    tls(event, rearm, context, settings) {
      const leaf = serverCertificate(event);
      const { flow, atUs } = event;
      if (!leaf) return;
      // Packet time decides, not today: the capture may be old. A comparison with NaN (unreadable date) is false.
      const toleranceUs = settings.toleranceSeconds * 1_000_000;
      const isOver = leaf.notAfterUs + toleranceUs < atUs;
      // Devices make their own certificate at first start, often before they know the time.
      const isEarly = !leaf.isSelfSigned && leaf.notBeforeUs - toleranceUs > atUs;
      if (!isOver && !isEarly) return;
      if (!rearm.due(`${flow.clientIp} ${flow.serverIp} ${flow.serverPort}`, 1, atUs)) return;
      context.raise({
        ...certificateFinding(event, leaf, context),
        ...(isOver ? {} : { kind: "certificate_not_yet_valid" as const }),
        confidence: 0.95,
        title: isOver
          ? `{device} talks to ${serverText(event, context)}, whose certificate has run out`
          : `{device} talks to ${serverText(event, context)}, whose certificate is not valid yet`,
        why: [
          isOver
            ? `The certificate ended on ${dayOf(leaf.notAfterUs)}; the connection was made on ${dayOf(atUs)}.`
            : `The certificate begins on ${dayOf(leaf.notBeforeUs)}; the connection was made on ${dayOf(atUs)}. A wrong clock looks the same.`,
        ],
      });
    },
  },
});
