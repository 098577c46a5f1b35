import { LruMap } from "../../core/lru-map.ts";
import { type DetectContext, defineDetection, type Finding } from "../define.ts";
import { serviceName, serviceOf } from "../login.ts";
import { clientOf, serverOf } from "../party.ts";
import { Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** From so many refusals of one host at one service within the window on, its log-ins are guesses (login.brute-force), not a person's secrets. */
  guesses: 4,
  guessWindowSeconds: 300,
  /** Told after this pause, when it is known whether more tries follow. */
  settleSeconds: 30,
};

interface Waiting {
  readonly finding: Finding;
  readonly key: string;
  readonly atUs: number;
}

export interface CleartextCredentialsState {
  readonly failures: SlidingCount;
  readonly waiting: LruMap<string, Waiting>;
  readonly rearm: Rearm;
}

/** Communities and tokens that are no person's password: they are context at most. */
const NO_PERSON: ReadonlySet<string> = new Set(["snmp"]);

export const cleartextCredentials = defineDetection<typeof DEFAULTS, CleartextCredentialsState>({
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
  state: (settings) => ({
    failures: new SlidingCount(settings.guessWindowSeconds),
    waiting: new LruMap(256),
    rearm: new Rearm(3600),
  }),
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
      const finding: Finding = {
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
      };
      state.waiting.set(key, { finding, key, atUs });
    },
  },
  tick(nowUs, state, context, settings) {
    for (const waiting of state.waiting.values())
      if (nowUs - waiting.atUs >= settings.settleSeconds * 1_000_000) settle(waiting, nowUs, state, context, settings);
  },
  finish(nowUs, state, context, settings) {
    for (const waiting of state.waiting.values()) settle(waiting, nowUs, state, context, settings);
  },
});

function settle(
  waiting: Waiting,
  nowUs: number,
  state: CleartextCredentialsState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  state.waiting.delete(waiting.key);
  if (state.failures.sum(waiting.key, nowUs) < settings.guesses) context.raise(waiting.finding);
}
