import type { Device } from "@lanwarden/contract/device";
import { AgentApiError } from "../../agent/http.ts";
import { answerInputs, defineNode, type Light, type Message, type NodeConfig } from "../../runtime/define.ts";
import { deviceId, deviceNamed, findDevice, incidentNamed } from "../../runtime/subject.ts";
import { settled } from "./settled.ts";

interface IsolateConfig extends NodeConfig {
  /** "message": as `msg.action` says. */
  action?: "isolate" | "release" | "message";
  /** Id of a device; empty = the one that the message names. */
  device?: string;
  /** Minutes until it ends by itself; empty = as the agent is configured. */
  minutes?: number | string;
  reason?: string;
  /** Seconds to wait until it is verified; 0 = do not wait. */
  waitSeconds?: number | string;
}

type Action = "isolate" | "release";
const MAX_WAIT_SECONDS = 300;
const DEFAULT_WAIT_SECONDS = 30;

/** Isolates or releases a device. Output 1: in force as verified; output 2: refused, failed, or not verified in time, with the reason. */
export const isolate = defineNode<IsolateConfig>("lanwarden-isolate", (running) => {
  const { config, link, light } = running;
  const waitSeconds = Math.min(Math.max(numberOr(config.waitSeconds, DEFAULT_WAIT_SECONDS), 0), MAX_WAIT_SECONDS);
  return answerInputs(running, async (message, signal) => {
    const action = actionOf(config, message);
    const named = config.device || deviceNamed(message);
    if (named === undefined) throw new Error("The message names no device: put its MAC or address into msg.device.");
    const known = findDevice(link, named);
    const id = known?.id ?? deviceId(named);
    light.say("blue", "ring", action === "isolate" ? "isolating" : "releasing");
    try {
      const asked = await (action === "isolate"
        ? link.client.isolate(id, requestOf(config, message), signal)
        : link.client.release(id, signal));
      const device = await settled(link, asked, action, waitSeconds * 1000, signal);
      return finish(message, action, device, light, waitSeconds > 0);
    } catch (error) {
      if (!(error instanceof AgentApiError) || (error.status !== 409 && error.status !== 404)) throw error;
      light.say("yellow", "dot", "refused");
      const code = error.code ?? (error.status === 404 ? "unknown_device" : "refused");
      return refused(message, code, error.message, known);
    }
  });
});

function actionOf({ action = "isolate" }: IsolateConfig, message: Message): Action {
  if (action !== "message") return action;
  if (message.action === "isolate" || message.action === "release") return message.action;
  throw new Error('msg.action must be "isolate" or "release".');
}

function requestOf(config: IsolateConfig, message: Message) {
  const minutes = message.minutes === undefined ? config.minutes : message.minutes;
  const isGiven = minutes !== undefined && minutes !== "";
  // null: until somebody releases it.
  const seconds = minutes === null ? null : Math.round(Number(minutes) * 60);
  if (isGiven && seconds !== null && !(seconds > 0))
    throw new Error("The duration must be a number of minutes above zero.");
  const reason = typeof message.reason === "string" ? message.reason : config.reason;
  const incident = isIncident(message) ? incidentNamed(message) : undefined;
  return {
    by: "node-red",
    ...(isGiven ? { for_seconds: seconds } : {}),
    ...(reason ? { reason: reason.slice(0, 200) } : {}),
    ...(incident === undefined ? {} : { incident }),
  };
}

/** A payload may be a device, whose id is none of an incident. */
const isIncident = ({ incident, payload }: Message): boolean =>
  incident !== undefined ||
  (typeof payload === "object" && payload !== null && "kind" in payload && "severity" in payload);

function finish(message: Message, action: Action, device: Device, light: Light, isVerified: boolean) {
  const { state, detail } = device.isolated;
  const isDone = state === (action === "isolate" ? "yes" : "no");
  if (isDone || (!isVerified && state === "pending")) {
    light.say(isDone ? "green" : "blue", isDone ? "dot" : "ring", isDone ? `${action}d` : "asked for");
    return [{ ...message, topic: device.id, payload: device, device: structuredClone(device) }, null];
  }
  if (state === "failed") {
    light.say("red", "dot", "not in force");
    return refused(message, "failed", detail ?? `${device.name} could not be isolated.`, device);
  }
  light.say("yellow", "dot", "not verified");
  const what = action === "isolate" ? "isolated" : "released";
  return refused(message, "not_verified", `Nothing has proven yet that ${device.name} is ${what}.`, device);
}

/** For output 2: `msg.refusal`, beside what came in. */
function refused(message: Message, code: string, reason: string, device: Device | undefined) {
  const known = device ? { topic: device.id, payload: device, device: structuredClone(device) } : {};
  return [null, { ...message, ...known, refusal: { code, reason } }];
}

function numberOr(value: number | string | undefined, otherwise: number): number {
  const number = Number(value);
  return value === undefined || value === "" || !Number.isFinite(number) ? otherwise : number;
}
