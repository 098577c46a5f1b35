import type { Device } from "@lanwarden/contract/device";
import type {
  HomeAssistantActions,
  HomeAssistantHooks,
  HomeAssistantLink,
  HomeAssistantSettings,
} from "@lanwarden/contract/home-assistant";
import type { Incident } from "@lanwarden/contract/incident";
import type { HubState } from "@lanwarden/contract/status";
import { parseAnswer } from "./answers.ts";
import type { StatesEvent } from "./entity-states.ts";
import type { NotificationContext } from "./notification.ts";
import { Outbox } from "./outbox.ts";
import { Phones } from "./phones.ts";
import { Pushes } from "./pushes.ts";
import { isQuiet, knownTimeZone } from "./quiet.ts";
import { RegistryWatch } from "./registry-watch.ts";
import { LinkError, SESSION_TIMINGS, Session, type SessionTimings } from "./session.ts";
import { Speaker } from "./speaker.ts";
import { plain } from "./text.ts";

/** For tests; nobody else needs other times. */
export interface LinkTimings extends SessionTimings {
  /** Changes of registries are gathered this long. */
  settleMs: number;
  /** "Later" reminds after this. */
  laterMs: number;
  /** At most one alert is spoken in this time. */
  speechSpacingMs: number;
  /** First pause before a refused notification is sent again. */
  mailRetryMs: number;
}

const TIMINGS: LinkTimings = {
  ...SESSION_TIMINGS,
  settleMs: 500,
  laterMs: 3_600_000,
  speechSpacingMs: 20_000,
  mailRetryMs: 1000,
};
/** The same button tapped twice, or on two phones at once. */
const SAME_ANSWER_MS = 2000;

/**
 * The link to Home Assistant's WebSocket. Returns at once and connects by itself, for ever; a refused token alone is final until the agent
 * starts again. Nothing is ever thrown at the agent: what does not work is told by `hooks.warn`, once.
 */
export function openHomeAssistantLink(
  settings: HomeAssistantSettings,
  hooks: HomeAssistantHooks,
  timings: Partial<LinkTimings> = {},
): HomeAssistantLink {
  return new Link(settings, hooks, { ...TIMINGS, ...timings });
}

class Link implements HomeAssistantLink {
  readonly actions: HomeAssistantActions;
  readonly #settings: HomeAssistantSettings;
  readonly #hooks: HomeAssistantHooks;
  readonly #session: Session;
  readonly #registry: RegistryWatch;
  readonly #phones: Phones;
  readonly #outbox: Outbox;
  readonly #pushes: Pushes;
  readonly #speaker: Speaker;
  readonly #said = new Set<string>();
  readonly #answers = new Map<string, number>();
  /** Connections so far, to tell the present one from those before. */
  #connections = 0;
  readonly #againMs: number;
  #mode: HubState["mode"] | undefined;
  #timeZone: string | undefined;

  constructor(settings: HomeAssistantSettings, hooks: HomeAssistantHooks, timings: LinkTimings) {
    this.#settings = settings;
    this.#hooks = hooks;
    this.#againMs = timings.answerMs;
    const warn = (message: string): void => this.#tell(() => hooks.warn(message));
    this.#session = new Session(
      settings.url,
      settings.token,
      { up: (version) => this.#up(version), warn, info: (message) => this.#tell(() => hooks.info(message)) },
      timings,
    );
    this.#registry = new RegistryWatch(
      this.#session,
      timings.settleMs,
      (known) => this.#tell(() => hooks.devices(known)),
      (fault) => this.#sayOnce(`devices cannot be read from Home Assistant: ${fault}`),
    );
    this.#phones = new Phones(this.#session, settings.push, () => this.#outbox.flush());
    this.#outbox = new Outbox(this.#session, () => this.#phones.targets, timings.mailRetryMs, warn);
    this.#pushes = new Pushes({
      agent: settings.agent,
      severity: settings.severity,
      laterMs: timings.laterMs,
      context: () => this.#context(),
      put: (notification) => {
        if (settings.push.length > 0) this.#outbox.put(notification);
      },
    });
    this.#speaker = new Speaker(this.#session, {
      speak: settings.speak,
      tts: settings.tts,
      severity: settings.severity,
      spacingMs: timings.speechSpacingMs,
      isQuiet: () => this.#isQuiet(),
      warn,
    });
    this.actions = actionsOf(this.#session);
    this.#session.start();
  }

  #up(version: string): void {
    this.#connections++;
    this.#tell(() => this.#hooks.version(version));
    // Each for itself: a token that may not do one thing still does the others.
    this.#begin("phones cannot be listed", () => this.#phones.begin().finally(() => this.#outbox.flush()));
    this.#begin("speakers cannot be followed", () => this.#speaker.begin());
    this.#begin("devices cannot be read", () => this.#registry.begin());
    this.#begin("the time zone cannot be read", async () => {
      const config = await this.#session.ask<{ time_zone?: unknown } | null>({ type: "get_config" });
      this.#timeZone = knownTimeZone(config?.time_zone);
    });
    if (this.#settings.push.length > 0)
      this.#begin("answers to notifications do not come back", async () => {
        await this.#session.listen<{ data?: unknown }>(
          { type: "subscribe_events", event_type: "mobile_app_notification_action" },
          ({ data }) => this.#onAnswer(data),
        );
      });
  }

  #begin(whatFails: string, step: () => Promise<void>): void {
    const connection = this.#connections;
    step().catch((error: unknown) => {
      // Lost connections come again by themselves.
      if (!(error instanceof LinkError) || error.kind === "down" || error.kind === "lost") return;
      if (error.kind === "timeout") {
        // A starting Home Assistant may be too busy to answer.
        setTimeout(() => {
          if (connection === this.#connections && this.#session.isUp) this.#begin(whatFails, step);
        }, this.#againMs).unref();
        return;
      }
      const mend = error.code === "unauthorized" ? ": the token must be an administrator's" : `: ${error.message}`;
      this.#sayOnce(`Home Assistant: ${whatFails}${mend}`);
    });
  }

  #onAnswer(data: unknown): void {
    const answer = parseAnswer(data, this.#settings.agent);
    if (answer === undefined) return;
    const key = `${answer.action} ${answer.subject}`;
    const now = performance.now();
    if (now - (this.#answers.get(key) ?? Number.NEGATIVE_INFINITY) < SAME_ANSWER_MS) return;
    if (this.#answers.size >= 256) this.#answers.clear();
    this.#answers.set(key, now);
    const said = this.#pushes.answered(answer.action, answer.subject);
    this.#tell(() => this.#hooks.answer(said));
  }

  #isQuiet(): boolean {
    return isQuiet(this.#settings.quiet, new Date(), this.#timeZone);
  }

  #context(): NotificationContext {
    const { agent, pageUrl, isolationSeconds } = this.#settings;
    return { agent, pageUrl, isolationSeconds, mode: this.#mode, isQuiet: this.#isQuiet(), timeZone: this.#timeZone };
  }

  #sayOnce(message: string): void {
    if (this.#said.has(message) || this.#said.size >= 64) return;
    this.#said.add(message);
    this.#tell(() => this.#hooks.warn(message));
  }

  /** The agent's own fault must not end the connection, nor this link's fault the agent. */
  #tell(step: () => void): void {
    try {
      step();
    } catch (error) {
      try {
        this.#hooks.warn(
          `the link to Home Assistant stumbled: ${plain(String((error as Error).message ?? error), 160)}`,
        );
      } catch {
        // Nobody is left to hear it.
      }
    }
  }

  notReady(): string | undefined {
    return this.#session.problem;
  }

  hub(state: HubState): void {
    this.#mode = state.mode;
  }

  incident(change: string, incident: Incident, device: Device | undefined): void {
    this.#tell(() => this.#pushes.incident(change, incident, device));
    this.#tell(() => this.#speaker.incident(change, incident, device));
  }

  isolation(device: Device, incident: Incident | undefined): void {
    this.#tell(() => this.#pushes.isolation(device, incident));
    this.#tell(() => this.#speaker.isolation(device, incident));
  }

  async close(): Promise<void> {
    this.#registry.close();
    this.#pushes.close();
    this.#speaker.close();
    this.#outbox.close();
    this.#session.close();
  }
}

const ACTION = /^([a-z0-9_]{1,64})\.([a-z0-9_]{1,64})$/;
const ENTITY = /^[a-z0-9_]{1,64}\.[a-z0-9_]{1,255}$/;

function actionsOf(session: Session): HomeAssistantActions {
  return {
    get isUp() {
      return session.isUp;
    },
    async call(action, data, target) {
      const [, domain, service] = ACTION.exec(action) ?? [];
      if (domain === undefined || service === undefined)
        throw new Error(`"${plain(action, 60)}" is no action of Home Assistant, which look like switch.turn_on`);
      try {
        await session.ask({
          type: "call_service",
          domain,
          service,
          service_data: data,
          ...(target === undefined ? {} : { target }),
        });
      } catch (error) {
        throw new Error(`${action}: ${(error as Error).message}`);
      }
    },
    async state(entityId) {
      if (!ENTITY.test(entityId))
        throw new Error(`"${plain(entityId, 60)}" is no entity id, which look like switch.camera_port`);
      // Home Assistant answers for one entity only by a subscription, whose first event is the present.
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      const stop = await session.listen<StatesEvent>(
        { type: "subscribe_entities", entity_ids: [entityId] },
        (event) => {
          const entity = event.a?.[entityId];
          resolve(entity === undefined ? undefined : String(entity.s));
        },
      );
      try {
        return await session.within(promise);
      } finally {
        stop();
      }
    },
  };
}
