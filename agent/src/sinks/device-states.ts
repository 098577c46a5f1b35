import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type DeviceState, deviceState, deviceWhy } from "@lanwarden/contract/mqtt";
import { topicId, type topics } from "@lanwarden/contract/topics";
import type { HomeView } from "./define.ts";

/** A device's state goes out when its risk moved this much, or when anything else of it changed. */
const RISK_STEP = 5;
/** Device states remembered before those of devices that are no longer known are dropped: twice what the inventory holds. */
const MAX_SENT = 4096;

interface LastState {
  /** All of it but the score and when it was seen last. */
  text: string;
  risk: number;
  /** What a person waits for: it goes out at once. */
  urgent: string;
  atMs: number;
}

interface Outlet {
  readonly home: HomeView;
  readonly topics: ReturnType<typeof topics>;
  /** A device's state goes out not more often than this, unless its threat or isolation changed. */
  readonly spacingMs: number;
  /** Retained; empty takes back. */
  publish(topic: string, payload: string): void;
}

/** The states of all devices on the broker: told on change, not too often. */
export class DeviceStates {
  readonly #outlet: Outlet;
  readonly #sent = new Map<string, LastState>();
  readonly #pending = new Map<string, NodeJS.Timeout>();

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Everything must be told again. */
  forget(): void {
    this.#sent.clear();
  }

  /** `force`: it answers a command. */
  tell(device: Device, incidents: readonly Incident[], force = false): void {
    const state = deviceState(device, incidents);
    const { last_seen: _, risk, ...rest } = state;
    const text = JSON.stringify(rest);
    const urgent = urgentPart(state);
    const last = this.#sent.get(device.id);
    const now = Date.now();
    if (last && !force) {
      if (last.text === text && Math.abs(last.risk - risk) < RISK_STEP) return;
      const wait = last.atMs + this.#outlet.spacingMs - now;
      if (wait > 0 && last.urgent === urgent) {
        this.#tellLater(device.id, wait);
        return;
      }
    }
    if (!last && this.#sent.size >= MAX_SENT)
      this.takeUnknown(new Set(this.#outlet.home.devices().map(({ id }) => id)));
    this.#sent.set(device.id, { text, risk, urgent, atMs: now });
    const { topics, publish } = this.#outlet;
    const id = topicId(device.id);
    publish(topics.deviceState(id), JSON.stringify(state));
    publish(topics.deviceWhy(id), JSON.stringify(deviceWhy(device)));
  }

  /** Takes back the states of devices that the inventory has dropped: under a flood of invented MACs the broker must not fill up. */
  takeUnknown(known: ReadonlySet<string>): void {
    const { topics, publish } = this.#outlet;
    for (const id of this.#sent.keys()) {
      if (known.has(id)) continue;
      this.#sent.delete(id);
      publish(topics.deviceState(topicId(id)), "");
      publish(topics.deviceWhy(topicId(id)), "");
    }
  }

  #tellLater(deviceId: string, waitMs: number): void {
    if (this.#pending.has(deviceId)) return;
    const timer = setTimeout(() => {
      this.#pending.delete(deviceId);
      const { home } = this.#outlet;
      const device = home.devices().find(({ id }) => id === deviceId);
      if (device) this.tell(device, home.incidents());
    }, waitMs);
    this.#pending.set(deviceId, timer);
  }

  close(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
  }
}

/** Threat and isolation, without the time at which the device was last heard in spite of it: that one moves all the time. */
function urgentPart({ threat, isolation: { silent_since: _, ...isolation } }: DeviceState): string {
  return JSON.stringify([threat, isolation]);
}
