import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type Severity, severityRank } from "@lanwarden/contract/kinds";
import { spokenIncident, spokenIsolation, spokenName } from "@lanwarden/contract/speech";
import { isOver, isTold } from "./audience.ts";
import { applyStates, type EntityStates, type StatesEvent } from "./entity-states.ts";
import type { LinkError, Session } from "./session.ts";

export interface SpeakerOptions {
  speak: readonly string[];
  tts: string | undefined;
  severity: Severity;
  /** At most one alert is spoken in this time. */
  spacingMs: number;
  isQuiet(): boolean;
  warn(message: string): void;
}

interface Alert {
  incident: Incident;
  device: Device | undefined;
}

/** Home Assistant answers when the sentence has been said. */
const SPEAKING_MS = 60_000;
const MAX_SPOKEN = 512;
const MAX_SPEAKERS = 32;

/** Says alerts aloud: short, rarely, never in quiet hours. What comes too soon after another waits, and only the worst of it is said. */
export class Speaker {
  readonly #session: Session;
  readonly #options: SpeakerOptions;
  /** Incidents that were said, with the severity that they had then. */
  readonly #spoken = new Map<string, Severity>();
  readonly #answered = new Set<string>();
  readonly #states: EntityStates = new Map();
  readonly #complained = new Set<string>();
  #waiting: Alert | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(session: Session, options: SpeakerOptions) {
    this.#session = session;
    this.#options = { ...options, speak: options.speak.slice(0, MAX_SPEAKERS) };
  }

  /**
   * After each connecting: follows whether the speakers are there. Home Assistant takes a call for one that is away without a word. Rejects
   * with LinkError.
   */
  async begin(): Promise<void> {
    const { speak, tts } = this.#options;
    if (speak.length === 0) return;
    this.#states.clear();
    const ids = tts === undefined ? speak : [...speak, tts];
    await this.#session.listen<StatesEvent>({ type: "subscribe_entities", entity_ids: ids }, (event) => {
      applyStates(this.#states, event);
    });
  }

  incident(change: string, incident: Incident, device: Device | undefined): void {
    if (isOver(change, incident)) {
      if (this.#waiting?.incident.id === incident.id) this.#waiting = undefined;
      return;
    }
    if (!isTold(change, incident, device, this.#options.severity) || this.#options.isQuiet()) return;
    const before = this.#spoken.get(incident.id);
    if (before !== undefined && severityRank(incident.severity) <= severityRank(before)) return;
    const worst = this.#waiting?.incident.severity;
    if (worst !== undefined && severityRank(worst) > severityRank(incident.severity)) return;
    this.#waiting = { incident, device };
    this.#sayWhenDue();
  }

  #sayWhenDue(): void {
    const pauseMs = this.#lastMs + this.#options.spacingMs - performance.now();
    clearTimeout(this.#timer);
    if (pauseMs <= 0) this.#sayWaiting();
    else {
      this.#timer = setTimeout(() => this.#sayWaiting(), pauseMs);
      this.#timer.unref();
    }
  }

  #sayWaiting(): void {
    const alert = this.#waiting;
    this.#waiting = undefined;
    if (alert === undefined || this.#options.isQuiet()) return;
    const { incident, device } = alert;
    if (!this.#say(spokenIncident(incident, device && spokenName(device)))) return;
    this.#lastMs = performance.now();
    if (this.#spoken.size >= MAX_SPOKEN) this.#spoken.clear();
    this.#spoken.set(incident.id, incident.severity);
  }

  /** Said once, when it answers an alert that was spoken: whoever heard of the trouble hears how it ended. */
  isolation(device: Device, incident: Incident | undefined): void {
    if (incident === undefined || !this.#spoken.has(incident.id) || this.#options.isQuiet()) return;
    const sentence = spokenIsolation(device, incident);
    const key = `${incident.id} ${device.isolated.state}`;
    if (sentence === undefined || this.#answered.has(key)) return;
    if (this.#answered.size >= MAX_SPOKEN) this.#answered.clear();
    this.#answered.add(key);
    this.#say(sentence);
  }

  /** False when there is nobody to say it. */
  #say(message: string): boolean {
    const { speak, tts } = this.#options;
    if (speak.length === 0 || !this.#session.isUp) return false;
    const present = speak.filter((id) => this.#isThere(id));
    const satellites = present.filter((id) => id.startsWith("assist_satellite."));
    const players = present.filter((id) => id.startsWith("media_player."));
    // One by one, so that one that fails does not silence the others.
    for (const id of satellites) this.#call("assist_satellite", "announce", { message }, id);
    if (tts !== undefined && this.#isThere(tts))
      for (const id of players) this.#call("tts", "speak", { message, cache: false, media_player_entity_id: id }, tts);
    return present.length > 0;
  }

  #isThere(entityId: string): boolean {
    const state = this.#states.get(entityId)?.state;
    if (state !== undefined && state !== "unavailable") return true;
    this.#complain(entityId, state === undefined ? "Home Assistant does not have it" : "it is not available");
    return false;
  }

  #call(domain: string, service: string, data: Record<string, unknown>, entityId: string): void {
    const message = { type: "call_service", domain, service, service_data: data, target: { entity_id: entityId } };
    this.#session.ask(message, SPEAKING_MS).catch((error: LinkError) => {
      // Not said again: it may have been heard.
      if (error.kind === "refused") this.#complain(entityId, error.message);
    });
  }

  #complain(entityId: string, reason: string): void {
    if (this.#complained.has(entityId)) return;
    this.#complained.add(entityId);
    this.#options.warn(`${entityId} cannot speak alerts: ${reason}; check home_assistant.speak and home_assistant.tts`);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }
}
