import { defineDetection } from "../define.ts";
import { serviceName, serviceOf } from "../login.ts";
import { clientOf, serverOf } from "../party.ts";
import { Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** From so many refusals of one host at one service within the window on, its log-ins are guesses (login.brute-force), not a person's secrets. */
  guesses: 4,
  guessWindowSeconds: 300,
};

interface State {
  readonly failures: SlidingCount;
  readonly rearm: Rearm;
}

/** Communities and tokens that are no person's password: they are context at most. */
const NO_PERSON: ReadonlySet<string> = new Set(["snmp"]);

export const cleartextCredentials = defineDetection<typeof DEFAULTS, State>({
  id: "login.cleartext-credentials",
  signatureId: 7700022,
  kind: "cleartext_credentials",
  severity: "medium",
  attack: [
    { tactic: "TA0006", technique: "T1040" },
    { tactic: "TA0006", technique: "T1552" },
  ],
  advice: [
    "Switch the program or device to the encrypted form of the service (HTTPS, IMAPS, SSH, MQTT over TLS).",
    "If the same password is used elsewhere, change it there: it could have been read on the way.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 7 * 86_400,
  state: (settings) => ({ failures: new SlidingCount(settings.guessWindowSeconds), rearm: new Rearm(3600) }),
  on: {
    login({ data, flow, atUs }, state, context, settings) {
      const service = serviceOf(data);
      const key = `${flow.clientIp} ${flow.serverIp} ${service}`;
      const failures = data.outcome === "failure" ? state.failures.add(key, atUs) : state.failures.sum(key, atUs);
      if (!data.isClearText || data.isEmpty || NO_PERSON.has(service)) return;
      if (failures >= settings.guesses || !state.rearm.due(key, 1, atUs)) return;
      const direction = context.direction(flow.clientIp, flow.serverIp);
      const isInside = direction === "lateral";
      const victim = serverOf(flow, context);
      const where = isInside ? "inside the home" : "over the internet";
      context.raise({
        // Inside the home only somebody who is already in can listen: context, not an alarm.
        severity: isInside ? "info" : "medium",
        confidence: 0.95,
        attacker: clientOf(flow, context),
        victim,
        direction,
        ...(context.isHome(flow.serverIp) ? { subject: victim } : {}),
        title: context.isHome(flow.serverIp)
          ? `Passwords for {device} travel unencrypted ${where} (${serviceName(service)})`
          : `{device} sends a password unencrypted ${where} (${serviceName(service)})`,
        why: [
          `A ${serviceName(service)} log-in${data.user === "" ? "" : ` of user "${data.user}"`} from ${flow.clientIp} to ${flow.serverIp}:${flow.serverPort} could be read on the wire.`,
          "The password itself was not kept.",
        ],
        fields: { service, port: flow.serverPort, username: data.user },
        flow,
        atUs,
        group: `${service}@${flow.serverIp}`,
      });
    },
  },
});
