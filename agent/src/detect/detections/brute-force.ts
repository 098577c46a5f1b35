import { LruMap } from "../../core/lru-map.ts";
import type { FlowRef, SensorEvent } from "../../dissect/event.ts";
import { type DetectContext, defineDetection } from "../define.ts";
import { serviceName, serviceOf } from "../login.ts";
import { clientOf, durationText, serverOf } from "../party.ts";
import { DistinctCount, Rearm, SlidingCount } from "../window.ts";

const DEFAULTS = {
  /** Refused log-ins of one host at one service of another within the window. A person gives up or asks after three to five; a program with an outdated password tries every 30 s or slower, four times in the window. Slips has 9 tries. */
  failures: 10,
  windowSeconds: 120,
  /** From the internet nobody of the home mistypes ten times in five minutes. */
  inboundWindowSeconds: 300,
  /** Slow guessing: Zeek's SSH policy has 30 refusals in 30 minutes. Inside the home it counts with several user names only: one name is a program with an outdated password. */
  slowFailures: 30,
  slowWindowSeconds: 1800,
  slowUsers: 3,
  /** Log-ins whose outcome cannot be seen: so many sessions as short as a refusal within the window. Twice the failures, since some of them may have been good. */
  shortSessions: 20,
  /** A session that carried no more than this to the client and ended within `shortSeconds` did no work: six refusals of OpenSSH stay below 4 KiB, its key exchange below 2 KiB. */
  shortOctets: 6000,
  shortSeconds: 30,
};

interface Guessing {
  readonly startUs: number;
  failures: number;
  isTold: boolean;
  lastUs: number;
}

export interface BruteForceState {
  readonly inside: SlidingCount;
  readonly inbound: SlidingCount;
  readonly slow: SlidingCount;
  readonly users: DistinctCount<string>;
  readonly short: SlidingCount;
  readonly guessing: LruMap<string, Guessing>;
  /** Flows whose log-in outcome is known: they are not counted again as short sessions. */
  readonly judged: LruMap<number, true>;
  readonly rearm: Rearm;
}

const MAX_GUESSING = 2048;
/** Protocols in which every session begins with a log-in that we cannot read. */
const SECRET_LOGINS: ReadonlySet<string> = new Set(["ssh", "rdp", "smb"]);

export const bruteForce = defineDetection<typeof DEFAULTS, BruteForceState>({
  id: "login.brute-force",
  signatureId: 7700020,
  kind: "brute_force",
  severity: "high",
  attack: [
    { tactic: "TA0006", technique: "T1110" },
    { tactic: "TA0006", technique: "T1110.001" },
  ],
  advice: [
    "Give the device a long password of its own, and switch the log-in off where you do not need it.",
    "If the guesses come from the internet, remove the port forwarding for this service; use a VPN to reach home instead.",
    "If the guessing device is at home, isolate it: it is infected, or a program on it has an outdated password.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    inside: new SlidingCount(settings.windowSeconds),
    inbound: new SlidingCount(settings.inboundWindowSeconds),
    slow: new SlidingCount(settings.slowWindowSeconds),
    users: new DistinctCount(settings.slowWindowSeconds, 1024, 32),
    short: new SlidingCount(settings.inboundWindowSeconds),
    guessing: new LruMap(MAX_GUESSING),
    judged: new LruMap(MAX_GUESSING),
    rearm: new Rearm(300),
  }),
  on: {
    login(event, state, context, settings) {
      if (event.data.outcome !== "unknown") state.judged.set(event.flow.id, true);
      if (event.data.outcome === "failure") failure(event, state, context, settings);
      else if (event.data.outcome === "success") success(event, state, context, settings);
    },
    flow(event, state, context, settings) {
      if (event.data.phase === "end") sessionEnd(event, state, context, settings);
    },
  },
});

const keyOf = (flow: FlowRef, service: string): string => `${flow.clientIp} ${flow.serverIp} ${service}`;

function failure(
  event: SensorEvent<"login">,
  state: BruteForceState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { flow, atUs, data } = event;
  const service = serviceOf(data);
  const key = keyOf(flow, service);
  const isInbound = context.direction(flow.clientIp, flow.serverIp) === "inbound";
  const inside = state.inside.add(key, atUs);
  const inbound = state.inbound.add(key, atUs);
  const slow = state.slow.add(key, atUs);
  const users = state.users.add(key, data.user, atUs);
  const run = guessingOf(state, key, atUs);
  run.failures++;
  run.lastUs = atUs;
  const fast = isInbound ? inbound : inside;
  const isFast = fast >= settings.failures;
  const isSlow = slow >= settings.slowFailures && (isInbound || users >= settings.slowUsers);
  if (!isFast && !isSlow) return;
  run.isTold = true;
  if (!state.rearm.due(key, run.failures, atUs)) return;
  const seconds = isFast
    ? isInbound
      ? settings.inboundWindowSeconds
      : settings.windowSeconds
    : settings.slowWindowSeconds;
  raise(flow, service, atUs, context, {
    isSuccess: false,
    confidence: isFast ? 0.95 : 0.85,
    why: [
      `${isFast ? fast : slow} log-ins were refused within ${durationText(seconds)} (threshold ${isFast ? settings.failures : settings.slowFailures}).`,
      users > 1
        ? `${users} user names were tried.`
        : data.user === ""
          ? "The user name is not visible."
          : `All tries were for user "${data.user}".`,
      "None was accepted so far.",
    ],
    failures: run.failures,
  });
}

function success(
  event: SensorEvent<"login">,
  state: BruteForceState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { flow, atUs, data } = event;
  const service = serviceOf(data);
  const run = state.guessing.get(keyOf(flow, service));
  // After many refusals in the last half hour an accepted log-in is the guess that was right.
  if (!run || run.failures < settings.failures || atUs - run.lastUs > settings.slowWindowSeconds * 1_000_000) return;
  if (!run.isTold) return;
  raise(flow, service, atUs, context, {
    isSuccess: true,
    confidence: 0.95,
    why: [
      `A log-in was accepted after ${run.failures} refused ones.`,
      ...(data.isDefault ? ["It was a factory password."] : []),
      "Whoever guessed is in now.",
    ],
    failures: run.failures,
  });
}

/** Log-ins that hide their outcome: sessions as short as a refusal, one after the other. */
function sessionEnd(
  event: SensorEvent<"flow">,
  state: BruteForceState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { flow, data, atUs } = event;
  const service = data.appProto;
  if (service === undefined || !SECRET_LOGINS.has(service) || state.judged.has(flow.id)) return;
  // Programs that log in well again and again (backups, updates over SSH) look the same until their log-ins are seen.
  if (flow.unseen?.logins) return;
  const seconds = (data.lastUs - flow.startUs) / 1_000_000;
  const isShort =
    seconds <= settings.shortSeconds && data.payloadToClient <= settings.shortOctets && data.payloadToServer > 0;
  if (!isShort) return;
  const key = keyOf(flow, service);
  const count = state.short.add(key, atUs);
  if (count < settings.shortSessions) return;
  const run = guessingOf(state, key, atUs);
  run.failures = Math.max(run.failures, count);
  run.lastUs = atUs;
  run.isTold = true;
  if (!state.rearm.due(key, count, atUs)) return;
  raise(flow, service, atUs, context, {
    isSuccess: false,
    confidence: 0.7,
    why: [
      `${count} sessions shorter than ${settings.shortSeconds} s within ${durationText(settings.inboundWindowSeconds)}, as refused log-ins are (threshold ${settings.shortSessions}).`,
      "The log-in is encrypted: judged by number and size of the sessions only.",
    ],
    failures: count,
  });
}

function guessingOf(state: BruteForceState, key: string, atUs: number): Guessing {
  const run = state.guessing.get(key);
  if (run && atUs - run.lastUs <= 3600 * 1_000_000) return run;
  const fresh: Guessing = { startUs: atUs, failures: 0, isTold: false, lastUs: atUs };
  state.guessing.set(key, fresh);
  return fresh;
}

interface Told {
  readonly isSuccess: boolean;
  readonly confidence: number;
  readonly why: readonly string[];
  readonly failures: number;
}

function raise(flow: FlowRef, service: string, atUs: number, context: DetectContext, told: Told): void {
  const direction = context.direction(flow.clientIp, flow.serverIp);
  const name = serviceName(service);
  const title =
    direction === "inbound"
      ? `${flow.clientIp} on the internet ${told.isSuccess ? "guessed" : "is guessing"} ${article(name)} ${name} password of {device}`
      : `{device} ${told.isSuccess ? "guessed" : "is guessing"} ${article(name)} ${name} password of ${flow.serverIp}`;
  context.raise({
    severity: told.isSuccess ? "critical" : "high",
    confidence: told.confidence,
    attacker: clientOf(flow, context),
    victim: serverOf(flow, context),
    direction,
    title,
    why: told.why,
    fields: { service, port: flow.serverPort, failures: told.failures, success: told.isSuccess },
    flow,
    atUs,
    group: `${service}@${direction === "inbound" ? flow.clientIp : flow.serverIp}`,
  });
}

/** "an SSH password", "a Telnet password": abbreviations go by the sound of their first letter. */
const article = (service: string): string => (/^([AEIOU]|[FHLMNRSX][A-Z])/.test(service) ? "an" : "a");
