import type { Device } from "@lanwarden/contract/device";
import type { IsolationEventType } from "@lanwarden/contract/isolation-event";

/** Devices remembered: as many as the inventory holds. Beyond it the oldest is forgotten. */
const MAX_DEVICES = 2048;

/**
 * What became of isolations, from one state of a device to the next. `pending` is on the way and no news; what was so before this
 * agent started is none either.
 */
export class IsolationNews {
  readonly #sinceMs: number;
  /** Devices whose last settled state is not "no". */
  readonly #settled = new Map<string, "yes" | "failed">();

  constructor(devices: readonly Device[], nowMs: number) {
    this.#sinceMs = nowMs;
    for (const device of devices) this.#settle(device);
  }

  /** The event that a device's state makes, if it is news. */
  note(device: Device): IsolationEventType | undefined {
    const { state, since } = device.isolated;
    if (state === "pending") return undefined;
    const before = this.#settled.get(device.id) ?? "no";
    if (state === before) return undefined;
    this.#settle(device);
    if (state === "no") return before === "yes" ? "device_released" : undefined;
    if (state === "failed") return "isolation_failed";
    const isOld = before === "no" && since !== null && Date.parse(since) < this.#sinceMs;
    return isOld ? undefined : "device_isolated";
  }

  #settle({ id, isolated: { state } }: Device): void {
    this.#settled.delete(id);
    if (state !== "yes" && state !== "failed") return;
    if (this.#settled.size >= MAX_DEVICES) this.#settled.delete([...this.#settled.keys()][0] ?? "");
    this.#settled.set(id, state);
  }
}
