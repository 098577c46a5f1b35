import type { Session } from "./session.ts";

const MAX_PHONES = 32;

/** Which notify actions get a push: those of the settings, or every companion app that Home Assistant knows, kept up to date. */
export class Phones {
  readonly #session: Session;
  readonly #wanted: readonly string[] | "auto";
  readonly #onNew: () => void;
  #found: string[] = [];

  constructor(session: Session, wanted: readonly string[] | "auto", onNew: () => void) {
    this.#session = session;
    this.#wanted =
      wanted === "auto" ? wanted : wanted.map((name) => name.replace(/^notify\./, "")).slice(0, MAX_PHONES);
    this.#onNew = onNew;
  }

  /** Names of actions of the domain notify. */
  get targets(): readonly string[] {
    return this.#wanted === "auto" ? this.#found : this.#wanted;
  }

  /** After each connecting. Rejects with LinkError. */
  async begin(): Promise<void> {
    if (this.#wanted !== "auto") return;
    await this.#session.listen<ServiceEvent>(
      { type: "subscribe_events", event_type: "service_registered" },
      ({ data }) => this.#add(data),
    );
    await this.#session.listen<ServiceEvent>(
      { type: "subscribe_events", event_type: "service_removed" },
      ({ data }) => {
        if (data?.domain === "notify") this.#found = this.#found.filter((name) => name !== data.service);
      },
    );
    const services = await this.#session.ask<{ notify?: Record<string, unknown> } | null>({ type: "get_services" });
    this.#found = Object.keys(services?.notify ?? {})
      .filter(isPhone)
      .sort()
      .slice(0, MAX_PHONES);
  }

  #add(data: ServiceEvent["data"]): void {
    const name = data?.service;
    if (data?.domain !== "notify" || typeof name !== "string" || !isPhone(name) || this.#found.includes(name)) return;
    this.#found = [...this.#found, name].slice(0, MAX_PHONES);
    this.#onNew();
  }
}

interface ServiceEvent {
  data?: { domain?: unknown; service?: unknown };
}

const isPhone = (name: string): boolean => /^mobile_app_[a-z0-9_]{1,100}$/.test(name);
