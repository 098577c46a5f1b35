import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { DeviceView } from "./device-view.ts";
import { ANSWER_MS, type IsolationStep, type Outcome, outcomeOf, type Request, stepOf } from "./requests.ts";
import type { Words } from "./words.ts";

/** How long a sent answer to an incident is shown as sent: then it has either left the list, or may be sent again. */
const SENT_MS = 10_000;

/** What a card has asked for and not yet seen answered: draws the card again when an answer is overdue. */
export class RequestDesk implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #requests = new Map<string, Request>();
  /** By incident: when its answer was sent. */
  readonly #sent = new Map<string, number>();
  /** Devices and incidents for which Home Assistant could not send. */
  readonly #unsent = new Set<string>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Isolation ("yes") or release of a device. */
  ask(device: DeviceView, wanted: Request["wanted"], act: () => Promise<void>): void {
    this.#requests.set(device.topicId, { wanted, atMs: Date.now(), refusalBefore: device.refusal?.at });
    this.#do(device.topicId, act, ANSWER_MS, () => this.#requests.delete(device.topicId));
  }

  /** An answer to an incident. */
  send(incident: string, act: () => Promise<void>): void {
    this.#sent.set(incident, Date.now());
    this.#do(incident, act, SENT_MS, () => this.#sent.delete(incident));
  }

  #do(key: string, act: () => Promise<void>, overdueMs: number, failed: () => void): void {
    this.#unsent.delete(key);
    this.#host.requestUpdate();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#host.requestUpdate();
    }, overdueMs + 100);
    this.#timers.add(timer);
    void act().catch(() => {
      failed();
      this.#unsent.add(key);
      this.#host.requestUpdate();
    });
  }

  step(device: DeviceView): IsolationStep {
    return stepOf(device, this.#requests.get(device.topicId), Date.now());
  }

  outcome(device: DeviceView): Outcome | undefined {
    const request = this.#requests.get(device.topicId);
    return request === undefined ? undefined : outcomeOf(request, device, Date.now());
  }

  isSent(incident: string): boolean {
    const at = this.#sent.get(incident);
    return at !== undefined && Date.now() - at < SENT_MS;
  }

  /** What has become of the answer to an incident, or of a device's request that could not be sent. */
  note(key: string, words: Words): TemplateResult | typeof nothing {
    const text = this.#unsent.has(key)
      ? words.notSent
      : !this.#sent.has(key)
        ? undefined
        : this.isSent(key)
          ? words.sent
          : words.noAnswer;
    return text === undefined ? nothing : html`<p class="small muted" role="status">${text}</p>`;
  }
}
