import { defineDetection } from "../define.ts";
import { serviceName, serviceOf } from "../login.ts";
import { clientOf, serverOf } from "../party.ts";
import { Rearm } from "../window.ts";

const DEFAULTS = {
  /** One accepted entry without a password proves it; it is told again after this pause only. */
  repeatSeconds: 3600,
};

export interface NoAuthenticationState {
  readonly rearm: Rearm;
}

export const noAuthentication = defineDetection<typeof DEFAULTS, NoAuthenticationState>({
  id: "login.no-authentication",
  signatureId: 7700023,
  kind: "no_authentication",
  severity: "high",
  attack: [
    { tactic: "TA0001", technique: "T1190" },
    { tactic: "TA0001", technique: "T1078" },
  ],
  advice: [
    "Set a password for this service on the device, or switch the service off.",
    "If it was reached from the internet, remove its port forwarding in your router today.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 7 * 86_400,
  state: (settings) => ({ rearm: new Rearm(settings.repeatSeconds) }),
  on: {
    login({ data, flow, atUs }, state, context) {
      const isAnonymous = data.user.toLowerCase() === "anonymous" && serviceOf(data) === "ftp";
      if (data.outcome !== "success" || !(data.isEmpty || isAnonymous)) return;
      const service = serviceOf(data);
      if (!state.rearm.due(`${flow.clientIp} ${flow.serverIp} ${service}`, 1, atUs)) return;
      const direction = context.direction(flow.clientIp, flow.serverIp);
      const victim = serverOf(flow, context);
      const isServerHome = context.isHome(flow.serverIp);
      context.raise({
        // Public services on the internet (FTP mirrors, test brokers) are open on purpose.
        severity: direction === "inbound" ? "high" : isServerHome ? "low" : "info",
        confidence: 0.95,
        attacker: clientOf(flow, context),
        victim,
        direction,
        ...(isServerHome ? { subject: victim } : {}),
        title: isServerHome
          ? `{device} lets in anybody without a password (${serviceName(service)})`
          : `{device} uses a service on the internet that asks for no password (${serviceName(service)})`,
        why: [
          `${serviceName(service)} on ${flow.serverIp}:${flow.serverPort} accepted ${flow.clientIp} ${isAnonymous ? "as user anonymous" : "without a password"}.`,
        ],
        fields: { service, port: flow.serverPort, success: true },
        flow,
        atUs,
        group: `${service}@${flow.serverIp}:${flow.serverPort}`,
      });
    },
  },
});
