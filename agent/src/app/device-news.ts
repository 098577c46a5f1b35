import type { Device } from "@lanwarden/contract/device";
import { MICROS } from "../core/clock.ts";
import { parseTimeUs } from "../core/time-text.ts";

/** Most devices remembered; as many as the inventory holds. */
const MAX_DEVICES = 2048;
/** That a device was seen again is news so often; anything else at once. */
const SEEN_SECONDS = 300;

/** Tells what is new of a device from what was told already: scores are computed every minute, and mostly come out the same. */
export class DeviceNews {
  readonly #told = new Map<string, { text: string; seenUs: number }>();

  isNew(device: Device, atUs: number): boolean {
    const { last_seen: lastSeen, ...rest } = device;
    const text = JSON.stringify(rest);
    const seenUs = Math.min(parseTimeUs(lastSeen), atUs);
    const told = this.#told.get(device.id);
    if (told?.text === text && seenUs - told.seenUs < SEEN_SECONDS * MICROS) return false;
    this.#told.delete(device.id);
    this.#told.set(device.id, { text, seenUs });
    const oldest = this.#told.size > MAX_DEVICES ? this.#told.keys().next().value : undefined;
    if (oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
