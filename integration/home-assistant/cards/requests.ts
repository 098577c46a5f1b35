import type { DeviceView } from "./device-view.ts";

/** The agent answers within two seconds, and the tap may need some more to prove it; after this nobody answers any more. */
export const ANSWER_MS = 20_000;

/** What was asked for a device by a button. */
export interface Request {
  readonly wanted: "yes" | "no";
  readonly atMs: number;
  /** When the last refusal was told before: a newer one answers this request. */
  readonly refusalBefore: string | undefined;
}

export type Outcome =
  | { readonly state: "waiting" | "done" | "no-answer" }
  | { readonly state: "refused"; readonly why: string };

/** What has become of a request, judged by the device's present state. */
export function outcomeOf(request: Request, device: DeviceView, nowMs: number): Outcome {
  const { isolation, refusal } = device;
  if (isolation?.state === request.wanted) return { state: "done" };
  if (refusal !== undefined && refusal.at !== request.refusalBefore) return { state: "refused", why: refusal.message };
  if (isolation?.state === "failed" && isolation.detail !== undefined)
    return { state: "refused", why: isolation.detail };
  return { state: nowMs - request.atMs < ANSWER_MS ? "waiting" : "no-answer" };
}

/** How the isolation of a device is shown: what it is, or what is being asked. */
export type IsolationStep = "free" | "isolating" | "releasing" | "isolated" | "unavailable";

export function stepOf(device: DeviceView, request: Request | undefined, nowMs: number): IsolationStep {
  const state = device.isolation?.state;
  if (request !== undefined && outcomeOf(request, device, nowMs).state === "waiting")
    return request.wanted === "yes" ? "isolating" : "releasing";
  if (state === "yes") return "isolated";
  if (state === "pending") return "isolating";
  return state === "unavailable" || state === undefined ? "unavailable" : "free";
}
