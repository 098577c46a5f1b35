import { LruMap } from "../../core/lru-map.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { type DetectContext, defineDetection, type Finding } from "../define.ts";
import { serviceName, serviceOf } from "../login.ts";
import { clientOf, serverOf } from "../party.ts";

const DEFAULTS = {
  /** A refused factory password is told after this pause, if it was not one of a run of guesses. */
  settleSeconds: 30,
  /** From so many refusals on the run is told as guessing (login.brute-force) and single ones are not. */
  guesses: 4,
};

interface Refused {
  readonly finding: Finding;
  readonly atUs: number;
  failures: number;
}

export interface DefaultCredentialsState {
  readonly refused: LruMap<string, Refused>;
}

const MAX_REFUSED = 512;

export const defaultCredentials = defineDetection<typeof DEFAULTS, DefaultCredentialsState>({
  id: "login.default-credentials",
  signatureId: 7700021,
  kind: "default_credentials",
  severity: "high",
  attack: [
    { tactic: "TA0001", technique: "T1078.001" },
    { tactic: "TA0006", technique: "T1110.001" },
  ],
  advice: [
    "Change the password of the device now: this one is printed in manuals and in the source of worms.",
    "If the device does not allow another password, keep it off the internet and isolate it from the rest.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 86_400,
  state: () => ({ refused: new LruMap(MAX_REFUSED) }),
  on: {
    login(event, state, context) {
      const { data, flow, atUs } = event;
      const key = `${flow.clientIp} ${flow.serverIp} ${serviceOf(data)}`;
      const waiting = state.refused.get(key);
      if (waiting && data.outcome === "failure") waiting.failures++;
      if (!data.isDefault || data.isEmpty) return;
      if (data.outcome === "success") context.raise(accepted(event, context));
      else if (data.outcome === "failure" && !waiting)
        state.refused.set(key, { finding: refused(event, context), atUs, failures: 1 });
    },
  },
  tick(nowUs, state, context, settings) {
    for (const [key, { finding, atUs, failures }] of state.refused.entries()) {
      if (nowUs - atUs < settings.settleSeconds * 1_000_000) continue;
      state.refused.delete(key);
      if (failures < settings.guesses) context.raise(finding);
    }
  },
  finish(_nowUs, state, context, settings) {
    for (const { finding, failures } of state.refused.values()) if (failures < settings.guesses) context.raise(finding);
  },
});

function accepted({ data, flow, atUs }: SensorEvent<"login">, context: DetectContext): Finding {
  const service = serviceOf(data);
  const direction = context.direction(flow.clientIp, flow.serverIp);
  const isServerHome = context.isHome(flow.serverIp);
  const victim = serverOf(flow, context);
  return {
    // From the internet it is a break-in; outwards it is somebody else's device.
    severity: direction === "inbound" ? "critical" : isServerHome ? "high" : "medium",
    confidence: 0.99,
    attacker: clientOf(flow, context),
    victim,
    direction,
    ...(isServerHome ? { subject: victim } : {}),
    title: isServerHome
      ? `{device} lets in whoever knows its factory password (${serviceName(service)})`
      : `{device} logs in to ${flow.serverIp} with a factory password (${serviceName(service)})`,
    why: [
      service === "snmp"
        ? "An SNMP request with a factory community was answered."
        : `A log-in with a factory user name and password${data.user === "" ? "" : ` (user "${data.user}")`} was accepted.`,
      `It came from ${flow.clientIp}.`,
    ],
    fields: { service, port: flow.serverPort, username: data.user, success: true },
    flow,
    atUs,
    group: `${service}@${flow.serverIp}:${flow.serverPort}`,
  };
}

function refused({ data, flow, atUs }: SensorEvent<"login">, context: DetectContext): Finding {
  const service = serviceOf(data);
  const direction = context.direction(flow.clientIp, flow.serverIp);
  return {
    severity: "low",
    confidence: 0.9,
    attacker: clientOf(flow, context),
    victim: serverOf(flow, context),
    direction,
    title:
      direction === "inbound"
        ? `${flow.clientIp} on the internet tried a factory password on {device}`
        : `{device} tried a factory password on ${flow.serverIp}`,
    why: [
      `A log-in with a factory password${data.user === "" ? "" : ` for user "${data.user}"`} was tried and refused (${serviceName(service)}).`,
      "It was not part of a run of guesses.",
    ],
    advice: ["The device refused it, so its password is not the factory one. Nothing to do if you tried it yourself."],
    fields: { service, port: flow.serverPort, username: data.user, success: false },
    flow,
    atUs,
    group: `${service}@${flow.serverIp}:${flow.serverPort}`,
  };
}
