interface Mail {
  readonly topic: string;
  readonly payload: string;
  readonly atMs: number;
}

/** Incident events kept while the broker is away; beyond it the oldest are dropped and counted. */
export const MAX_WAITING_EVENTS = 1000;
/** Copies kept while Home Assistant is away. Older or more would be a flood of yesterday's news at its return. */
const MAX_COPIES = 200;
const COPY_MS = 15 * 60_000;
/** Home Assistant subscribes at least this long before it says "online" (its discovery cool-down): what was sent since, it has heard. */
const HEARD_MS = 5000;
/** A broker that comes back without Home Assistant: after this long nobody is waited for. */
const WAIT_FOR_BIRTH_MS = 60_000;

/**
 * Incident events on their way to the broker. They are not retained, so who is not there does not hear them: while the broker is away they wait,
 * and while Home Assistant is (its last will, or an outage of the broker, after which it takes ten seconds more than we do) copies are kept
 * and told again at its return. Delivery is at least once; `id`, `change` and `last_seen` tell a repetition.
 */
export class EventMail {
  readonly #send: (topic: string, payload: string) => void;
  #waiting: Mail[] = [];
  #copies: Mail[] = [];
  #up = false;
  /** Home Assistant is known to be away, until it says "online". */
  #away = false;
  #awayUntilMs = Number.POSITIVE_INFINITY;
  /** Events lost in the present outage because too many waited. */
  dropped = 0;

  constructor(send: (topic: string, payload: string) => void) {
    this.#send = send;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  post(topic: string, payload: string, nowMs: number): void {
    const mail = { topic, payload, atMs: nowMs };
    if (this.#up) {
      this.#send(topic, payload);
      this.#copy(mail);
      return;
    }
    this.#waiting.push(mail);
    if (this.#waiting.length > MAX_WAITING_EVENTS) {
      this.#waiting.shift();
      this.dropped++;
    }
  }

  /** The broker is there: what waited goes out, in order. */
  brokerUp(nowMs: number): void {
    this.#up = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.dropped = 0;
    if (this.#away && this.#awayUntilMs === Number.POSITIVE_INFINITY) this.#awayUntilMs = nowMs + WAIT_FOR_BIRTH_MS;
    for (const mail of waiting) {
      this.#send(mail.topic, mail.payload);
      this.#copy({ ...mail, atMs: nowMs });
    }
  }

  brokerDown(): void {
    this.#up = false;
    this.homeAssistantGone();
  }

  homeAssistantGone(): void {
    this.#away = true;
    this.#awayUntilMs = Number.POSITIVE_INFINITY;
  }

  /** Home Assistant hears again: what it has missed is told once more. Call after the announcements, or it knows no entity for it. */
  homeAssistantBack(birthMs: number): void {
    const missed = this.#copies.filter(({ atMs }) => atMs < birthMs - HEARD_MS && atMs > birthMs - COPY_MS);
    this.#copies = [];
    this.#away = false;
    for (const { topic, payload } of missed) this.#send(topic, payload);
  }

  #copy(mail: Mail): void {
    if (this.#away && mail.atMs > this.#awayUntilMs) {
      this.#away = false;
      this.#copies = [];
    }
    if (!this.#away) return;
    this.#copies.push(mail);
    if (this.#copies.length > MAX_COPIES) this.#copies.shift();
  }
}
