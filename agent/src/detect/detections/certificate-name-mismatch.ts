import { baseDomain } from "../../intel/public-suffix.ts";
import { certificateFinding, coversHost, serverCertificate } from "../certificate.ts";
import { defineDetection } from "../define.ts";
import { Rearm } from "../window.ts";

const DEFAULTS = {
  /** One certificate proves it; the same name is told again after this pause only. */
  repeatSeconds: 86_400,
};

/** The dissector keeps so many alternative names; a longer list of many owners (shared hosting) may hold the name after all. */
const MAX_NAMES = 32;
/** Owners whose names stand in one certificate when it is one company's. */
const FEW_OWNERS = 4;

export const certificateNameMismatch = defineDetection<typeof DEFAULTS, Rearm>({
  id: "tls.name-mismatch",
  signatureId: 7700062,
  kind: "certificate_name_mismatch",
  severity: "low",
  attack: [{ tactic: "TA0006", technique: "T1557" }],
  advice: [
    "Somebody else answered in the server's place: a filter, a login page of a network, or an attacker. Do not enter anything there.",
    "If the name is blocked by your own filter, this is its block page: call it normal.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 86_400,
  state: (settings) => new Rearm(settings.repeatSeconds),
  on: {
    tls(event, rearm, context) {
      const leaf = serverCertificate(event);
      const { flow, data, atUs } = event;
      // A self-signed certificate is told as such; its name says nothing either way.
      if (!leaf || leaf.isSelfSigned || data.sni === "") return;
      // RFC 9525 §2: the common name counts only where there are no alternative names.
      const names = leaf.names.length > 0 ? leaf.names : leaf.commonName === "" ? [] : [leaf.commonName];
      if (names.length === 0) return;
      if (names.length >= MAX_NAMES) {
        const owners = new Set(names.map(baseDomain));
        if (owners.size > FEW_OWNERS || owners.has(baseDomain(data.sni))) return;
      }
      if (names.some((name) => coversHost(name, data.sni))) return;
      if (!rearm.due(`${flow.clientIp} ${data.sni}`, 1, atUs)) return;
      context.raise({
        ...certificateFinding(event, leaf, context),
        confidence: 0.9,
        title: `{device} asked for ${data.sni} and got the certificate of ${names[0] ?? ""}`,
        why: [
          `The certificate that ${flow.serverIp} showed is for ${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}, not for ${data.sni}.`,
        ],
        group: data.sni,
      });
    },
  },
});
