/** Most retained topics looked at; a broker with more of ours is cleaned at the next start. */
const MAX_FOUND = 8192;

/** Retained messages of this agent that earlier runs left on the broker. */
export class Leftovers {
  readonly #announcements: string;
  readonly #devices: string;
  /** Subscriptions under which they are delivered. */
  readonly filters: readonly string[];
  #announced = new Set<string>();
  /** Topic → id of the device in it. */
  #states = new Map<string, string>();

  constructor(discoveryPrefix: string, base: string) {
    this.#announcements = `${discoveryPrefix}/device/`;
    this.#devices = `${base}/dev/`;
    this.filters = [`${this.#announcements}+/config`, `${this.#devices}+/state`, `${this.#devices}+/why`];
  }

  start(): void {
    this.#announced = new Set();
    this.#states = new Map();
  }

  /** True when the topic is one of those that are gathered. `isOurs` is asked of announcements, which share their place with others'. */
  take(topic: string, payload: string, isOurs: (payload: string) => boolean): boolean {
    const device = this.#deviceOf(topic);
    if (device === undefined && !topic.startsWith(this.#announcements)) return false;
    if (payload === "" || this.#announced.size + this.#states.size >= MAX_FOUND) return true;
    if (device !== undefined) this.#states.set(topic, device);
    else if (isOurs(payload)) this.#announced.add(topic);
    return true;
  }

  #deviceOf(topic: string): string | undefined {
    if (!topic.startsWith(this.#devices)) return undefined;
    const [device, leaf, ...more] = topic.slice(this.#devices.length).split("/");
    return more.length === 0 && (leaf === "state" || leaf === "why") ? device : undefined;
  }

  /** Topics to be emptied: announcements that are not wanted, states of devices that are no longer known. */
  stale(wantedAnnouncements: ReadonlySet<string>, knownDevices: ReadonlySet<string>): string[] {
    return [
      ...[...this.#announced].filter((topic) => !wantedAnnouncements.has(topic)),
      ...[...this.#states].filter(([, device]) => !knownDevices.has(device)).map(([topic]) => topic),
    ];
  }
}
