import { certificateFinding, serverCertificate, serverText } from "../certificate.ts";
import { defineDetection } from "../define.ts";
import { Rearm } from "../window.ts";

const DEFAULTS = {
  /** One certificate proves it; the same server is told again after this pause only. */
  repeatSeconds: 86_400,
};

export const selfSignedCertificate = defineDetection<typeof DEFAULTS, Rearm>({
  id: "tls.self-signed",
  signatureId: 7700060,
  kind: "self_signed_certificate",
  severity: "low",
  attack: [{ tactic: "TA0006", technique: "T1557" }],
  advice: [
    "Nobody vouches for this server: do not type passwords there unless it is your own.",
    "If it is your own device, call it normal.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 86_400,
  state: (settings) => new Rearm(settings.repeatSeconds),
  on: {
    tls(event, rearm, context) {
      const leaf = serverCertificate(event);
      if (!leaf?.isSelfSigned) return;
      const { flow, data, atUs } = event;
      if (!rearm.due(`${flow.clientIp} ${flow.serverIp} ${flow.serverPort}`, 1, atUs)) return;
      const common = certificateFinding(event, leaf, context);
      context.raise({
        ...common,
        // Without a name nobody expected a public certificate: device clouds, VPNs and peer-to-peer programs do that.
        severity: data.sni === "" ? "info" : (common.severity ?? "info"),
        confidence: 0.95,
        title: `{device} talks to ${serverText(event, context)}, whose certificate is self-signed`,
        why: [
          `The certificate "${leaf.subject}" is signed by itself.`,
          `It was shown by ${flow.serverIp}:${flow.serverPort}.`,
        ],
      });
    },
  },
});
