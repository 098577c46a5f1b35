import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationAnswer, Refusal } from "@lanwarden/contract/isolation";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { IsolationBook } from "./book.ts";
import type { Backend } from "./define.ts";
import { targetOf } from "./target.ts";

/** After a release nothing is isolated by itself for this long: time to see whether it is still bad, and no switching to and fro. */
const COOL_DOWN_MS = 10 * 60_000;
/** A router that says nothing for this long is not ready. */
const READY_LIMIT_MS = 2000;

/** A wish to isolate a device. */
export interface Wish {
  readonly device: Device;
  /** By the policy, and not by a person. */
  readonly isAutomatic: boolean;
  readonly incident: Incident | undefined;
}

export interface GuardFacts {
  readonly book: IsolationBook;
  readonly backends: readonly Backend[];
  readonly mode: GuardMode;
  readonly maxIsolated: number;
  readonly nowMs: number;
  readonly protectedReason: string | undefined;
}

type Refused = Extract<IsolationAnswer, { accepted: false }>;

const refused = (code: Refusal, detail: string): Refused => ({ accepted: false, code, detail });

/** Why the wish is not granted; undefined when it is. Whether a back-end is ready is asked apart, since that takes time. */
export function refusalOf({ device, isAutomatic, incident }: Wish, facts: GuardFacts): Refused | undefined {
  const { name } = device;
  if (incident?.test === true) return refused("test_incident", "This is a drill: it never acts.");
  if (facts.protectedReason !== undefined) {
    return refused("protected_device", `${name} is never isolated: ${facts.protectedReason}.`);
  }
  if (isAutomatic) {
    const soft = automaticRefusal(device, incident, facts);
    if (soft !== undefined) return soft;
  }
  if (facts.mode === "monitor") return refused("monitor_mode", dryRun(device, facts.backends));
  const live = facts.book.of(device.id);
  const others = facts.book.live().length - (live === undefined ? 0 : 1);
  if (others >= facts.maxIsolated) {
    const allowed = facts.maxIsolated === 0 ? "none" : `at most ${facts.maxIsolated}`;
    return refused("too_many", `${name} is not isolated: ${others} devices are, and ${allowed} may be at once.`);
  }
  return noBackend(device, facts.backends);
}

function automaticRefusal(device: Device, incident: Incident | undefined, facts: GuardFacts): Refused | undefined {
  const { name, id } = device;
  // The mode may have been changed while the back-ends were asked whether they are ready.
  if (facts.mode === "ask") return refused("ask_mode", `${name} is isolated when a person says so.`);
  if (device.policy === "ignored") return refused("trusted_device", `${name} is ignored: nothing is done by itself.`);
  if (device.policy === "trusted") return refused("trusted_device", `${name} is trusted: only a person isolates it.`);
  const past = facts.book.all().filter((record) => record.device === id);
  const ended = past.find(
    (record) => record.isReleasedByPerson && incident !== undefined && record.incidents.includes(incident.id),
  );
  if (ended !== undefined) {
    return refused("user_released", `${name} was let in again by a person, who knew of this incident.`);
  }
  if (past.some(({ isWanted, releasedMs }) => !isWanted && facts.nowMs - (releasedMs ?? facts.nowMs) < COOL_DOWN_MS)) {
    return refused("cool_down", `${name} was let in again less than ${COOL_DOWN_MS / 60_000} minutes ago.`);
  }
  return undefined;
}

function noBackend(device: Device, backends: readonly Backend[]): Refused | undefined {
  if (backends.length === 0) {
    return refused(
      "no_backend",
      `${device.name} cannot be isolated: no back-end is configured under response.backends.`,
    );
  }
  const target = targetOf(device);
  const reasons = backends.map((backend) => backend.cannot(target));
  if (reasons.includes(undefined)) return undefined;
  return refused("no_address", `${device.name} cannot be isolated: ${[...new Set(reasons)].join("; ")}.`);
}

/** What would have been done, in one sentence. */
export function dryRun(device: Device, backends: readonly Backend[]): string {
  const target = targetOf(device);
  const plans = backends
    .filter((backend) => backend.cannot(target) === undefined)
    .map((backend) => `${backend.name} would ${backend.plan(target)}`);
  const would =
    plans.length === 0 ? `${device.name} would have been isolated, had a back-end been configured` : plans.join("; ");
  return `Mode monitor, nothing was done: ${would}. Set the mode to ask or protect to let it be done.`;
}

/** Why none of the back-ends can be used now; undefined when one can. */
export async function notReady(device: Device, backends: readonly Backend[]): Promise<Refused | undefined> {
  const target = targetOf(device);
  const able = backends.filter((backend) => backend.cannot(target) === undefined);
  const reasons = await Promise.all(able.map(readiness));
  if (reasons.includes(undefined)) return undefined;
  const why = able.map((backend, i) => `${backend.name}: ${reasons[i]}`).join("; ");
  return refused("no_backend", `${device.name} cannot be isolated now. ${why}.`);
}

async function readiness(backend: Backend): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((done) => {
    timer = setTimeout(() => done("it does not answer"), READY_LIMIT_MS);
  });
  try {
    return await Promise.race([backend.notReady(), limit]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
  }
}
