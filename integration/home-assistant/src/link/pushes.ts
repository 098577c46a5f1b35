import type { Device } from "@lanwarden/contract/device";
import type { PushAnswer } from "@lanwarden/contract/home-assistant";
import type { Incident } from "@lanwarden/contract/incident";
import type { Severity } from "@lanwarden/contract/kinds";
import { isOver, isTold } from "./audience.ts";
import {
  alertNotification,
  clearNotification,
  deviceSubject,
  isolationNotification,
  type Notification,
  type NotificationContext,
  type Occasion,
} from "./notification.ts";

export interface PushesOptions {
  agent: string;
  severity: Severity;
  laterMs: number;
  /** As things are now. */
  context(): NotificationContext;
  put(notification: Notification): void;
}

interface Subject {
  incident: Incident;
  device: Device | undefined;
  /** A notification is on the phones: of the incident, or of an isolation that answers it. */
  shows: "nothing" | "alert" | "isolation";
  /** What was last said of the isolation, so that the same is not said twice. */
  isolation: string;
  reminder: NodeJS.Timeout | undefined;
}

const MAX_SUBJECTS = 512;

const OCCASION: Readonly<Record<string, Occasion>> = { opened: "new", reopened: "again", escalated: "worse" };

/** Which notification is on the household's phones: one an incident, replaced by what comes next and taken off when it is over. */
export class Pushes {
  readonly #options: PushesOptions;
  readonly #subjects = new Map<string, Subject>();
  /** Isolations that answer no incident, by device: what was last said. */
  readonly #bare = new Map<string, string>();
  readonly #startedAt = Date.now();

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  incident(change: string, incident: Incident, device: Device | undefined): void {
    const subject = this.#remember(incident, device);
    if (isOver(change, incident)) {
      this.#over(subject, incident);
      return;
    }
    if (!isTold(change, incident, device, this.#options.severity)) return;
    clearTimeout(subject.reminder);
    this.#alert(subject, OCCASION[change] ?? "new");
  }

  #alert(subject: Subject, occasion: Occasion): void {
    subject.shows = "alert";
    this.#options.put(alertNotification(subject.incident, subject.device, occasion, this.#options.context()));
  }

  #over(subject: Subject, incident: Incident): void {
    clearTimeout(subject.reminder);
    subject.reminder = undefined;
    // An isolated device falls silent, so its incident ends: the button that releases it must stay.
    if (subject.shows === "isolation" && subject.isolation.startsWith("yes")) return;
    // What an earlier run of the agent told may still be on the phones.
    const isOld =
      Date.parse(incident.first_seen) < this.#startedAt &&
      isTold("opened", { ...incident, status: "open" }, subject.device, this.#options.severity);
    if (subject.shows === "nothing" && !isOld) return;
    subject.shows = "nothing";
    this.#options.put(clearNotification(this.#options.agent, incident.id));
  }

  isolation(device: Device, incident: Incident | undefined): void {
    const context = this.#options.context();
    if (incident === undefined) this.#bareIsolation(device, context);
    else {
      const subject = this.#remember(incident, device);
      const said = saidOf(device);
      if (said === subject.isolation) return;
      if (device.isolated.state === "no" && subject.shows !== "isolation") {
        this.#clearOld(subject.shows, incident.id);
        return;
      }
      const notification = isolationNotification(device, incident, context);
      if (notification === undefined) return;
      subject.isolation = said;
      subject.shows = "isolation";
      clearTimeout(subject.reminder);
      this.#options.put(notification);
    }
  }

  #bareIsolation(device: Device, context: NotificationContext): void {
    const said = saidOf(device);
    const before = this.#bare.get(device.id);
    if (said === before) return;
    if (device.isolated.state === "no" && before === undefined) {
      this.#clearOld("nothing", deviceSubject(device.id));
      return;
    }
    const notification = isolationNotification(device, undefined, context);
    if (notification === undefined) return;
    if (this.#bare.size >= MAX_SUBJECTS) this.#bare.clear();
    if (device.isolated.state === "no") this.#bare.delete(device.id);
    else this.#bare.set(device.id, said);
    this.#options.put(notification);
  }

  /** Released, and this run never told of an isolation: an earlier one may have, with a button that no longer does anything. */
  #clearOld(shows: Subject["shows"], subject: string): void {
    if (shows === "nothing") this.#options.put(clearNotification(this.#options.agent, subject));
  }

  /** What a button's answer is about. `subject`: an incident's id, or what stands for a device. */
  answered(action: PushAnswer["action"], subject: string): PushAnswer {
    const known = this.#subjects.get(subject);
    if (known === undefined) {
      const device = [...this.#bare.keys()].find((id) => deviceSubject(id) === subject);
      return { action, incident: device === undefined ? subject : "", device: device ?? null };
    }
    if (action === "later") this.#remindLater(known);
    return { action, incident: subject, device: known.incident.device };
  }

  /** Off the phones now, and once more after a while if it is still open then. */
  #remindLater(subject: Subject): void {
    const { id } = subject.incident;
    clearTimeout(subject.reminder);
    if (subject.shows === "alert") {
      subject.shows = "nothing";
      this.#options.put(clearNotification(this.#options.agent, id));
    }
    subject.reminder = setTimeout(() => {
      subject.reminder = undefined;
      const { incident, device } = subject;
      if (isTold("opened", incident, device, this.#options.severity)) this.#alert(subject, "reminder");
    }, this.#options.laterMs);
    subject.reminder.unref();
  }

  #remember(incident: Incident, device: Device | undefined): Subject {
    const known = this.#subjects.get(incident.id);
    if (known !== undefined) {
      known.incident = incident;
      known.device = device ?? known.device;
      // The longest untouched goes first.
      this.#subjects.delete(incident.id);
      this.#subjects.set(incident.id, known);
      return known;
    }
    const oldest = this.#subjects.keys().next().value;
    if (this.#subjects.size >= MAX_SUBJECTS && oldest !== undefined) {
      clearTimeout(this.#subjects.get(oldest)?.reminder);
      this.#subjects.delete(oldest);
    }
    const made: Subject = { incident, device, shows: "nothing", isolation: "", reminder: undefined };
    this.#subjects.set(incident.id, made);
    return made;
  }

  close(): void {
    for (const { reminder } of this.#subjects.values()) clearTimeout(reminder);
  }
}

/** Said again only when one of these changes, not at each packet that moves "silent since". */
function saidOf(device: Device): string {
  const { state, level, proof, until, detail, silent_since: silent } = device.isolated;
  return [state, level, proof, until, detail, silent == null ? "" : "silent"].join("|");
}
