import type { Notification } from "./notification.ts";
import type { LinkError, Session } from "./session.ts";

interface Mail {
  notification: Notification;
  /** Phones that have it, or that it is on its way to. */
  readonly done: Set<string>;
  onTheWay: number;
  readonly sinceMs: number;
  tries: number;
  timer: NodeJS.Timeout | undefined;
}

/** Notifications that wait for Home Assistant at a time; the oldest gives way. */
const MAX_WAITING = 64;
/** Older news is no news. */
const MAX_AGE_MS = 3_600_000;
/** Refusals of one notification before it is given up: three minutes, in which a restarted Home Assistant has found its phones again. */
const MAX_TRIES = 8;
/** Home Assistant answers when the phone's push service has taken it. */
const DELIVERY_MS = 30_000;

/** Sends each notification to every phone, again where Home Assistant is away or still starting; a newer one of the same tag takes its place. */
export class Outbox {
  readonly #session: Session;
  readonly #targets: () => readonly string[];
  readonly #retryMs: number;
  readonly #warn: (message: string) => void;
  readonly #mails = new Map<string, Mail>();
  readonly #complained = new Set<string>();

  constructor(session: Session, targets: () => readonly string[], retryMs: number, warn: (message: string) => void) {
    this.#session = session;
    this.#targets = targets;
    this.#retryMs = retryMs;
    this.#warn = warn;
  }

  put(notification: Notification): void {
    const tag = String(notification.data.tag);
    this.#drop(tag);
    const oldest = this.#mails.keys().next().value;
    if (this.#mails.size >= MAX_WAITING && oldest !== undefined) this.#drop(oldest);
    const mail: Mail = { notification, done: new Set(), onTheWay: 0, sinceMs: Date.now(), tries: 0, timer: undefined };
    this.#mails.set(tag, mail);
    void this.#send(tag, mail);
  }

  /** Home Assistant is there (again), or there are new phones. */
  flush(): void {
    for (const [tag, mail] of [...this.#mails]) {
      clearTimeout(mail.timer);
      void this.#send(tag, mail);
    }
  }

  #drop(tag: string): void {
    clearTimeout(this.#mails.get(tag)?.timer);
    this.#mails.delete(tag);
  }

  async #send(tag: string, mail: Mail): Promise<void> {
    if (Date.now() - mail.sinceMs > MAX_AGE_MS) return this.#drop(tag);
    if (!this.#session.isUp) return;
    const left = this.#targets().filter((target) => !mail.done.has(target));
    // Marked before it is sent: a flush meanwhile must not send it twice.
    for (const target of left) mail.done.add(target);
    mail.onTheWay += left.length;
    const faults = (await Promise.all(left.map((target) => this.#sendTo(target, mail)))).filter(
      (fault) => fault !== undefined,
    );
    mail.onTheWay -= left.length;
    if (this.#mails.get(tag) !== mail) return;
    if (faults.length > 0) this.#later(tag, mail, faults);
    else if (mail.onTheWay === 0 && mail.done.size > 0) this.#drop(tag);
  }

  async #sendTo(target: string, mail: Mail): Promise<{ target: string; error: LinkError } | undefined> {
    const { notification } = mail;
    try {
      await this.#session.ask(
        { type: "call_service", domain: "notify", service: target, service_data: notification },
        DELIVERY_MS,
      );
      return undefined;
    } catch (error) {
      mail.done.delete(target);
      return { target, error: error as LinkError };
    }
  }

  #later(tag: string, mail: Mail, faults: readonly { target: string; error: LinkError }[]): void {
    const answered = faults.filter(({ error }) => error.kind === "refused" || error.kind === "timeout");
    if (answered.length > 0 && ++mail.tries >= MAX_TRIES) {
      this.#drop(tag);
      for (const { target, error } of answered) this.#complain(target, error);
      return;
    }
    clearTimeout(mail.timer);
    // Without a connection the next one flushes.
    mail.timer = setTimeout(() => void this.#send(tag, mail), this.#retryMs * 2 ** Math.min(mail.tries, 6));
    mail.timer.unref();
  }

  #complain(target: string, error: LinkError): void {
    if (this.#complained.has(target)) return;
    this.#complained.add(target);
    this.#warn(
      error.code === "not_found"
        ? `Home Assistant knows no notify.${target}: check home_assistant.push against Developer tools, Actions`
        : `notify.${target} takes no notifications: ${error.message}`,
    );
  }

  close(): void {
    for (const tag of [...this.#mails.keys()]) this.#drop(tag);
  }
}
