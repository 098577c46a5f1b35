import { connect, type IClientOptions, type MqttClient } from "mqtt";

export interface LinkOptions {
  url: string;
  clientId: string;
  /** Where "online" and "offline" stand, retained; the last will too. */
  statusTopic: string;
  /** Subscribed anew at every connection. */
  subscriptions: readonly string[];
  reconnectMs: number;
  username?: string;
  password?: string;
}

export interface LinkHooks {
  /** Connected and subscribed, "online" is out. `outage`: there was a warning before. */
  up(outage: boolean): void;
  down(): void;
  message(topic: string, payload: string, retained: boolean): void;
  warn(message: string): void;
}

const CONNECT_MS = 8000;
const CLOSE_MS = 800;
/** A connection that ends this soon was not wanted; so many in a row say that another client bears the same name. */
const SHORT_LIFE_MS = 5000;
const SHORT_LIVES = 3;
/** Pause before the status is taken back from a late will. */
const TAKE_BACK_MS = 150;
/** CONNACK return codes of MQTT 3.1.1 (§3.2.2.3): bad user name or password, not authorized. */
const REFUSED_CODES = new Set<unknown>([4, 5]);

/** The connection to a broker: kept up for ever, with one warning a kind of trouble, and with a truthful `status` topic. */
export class MqttLink {
  readonly #options: LinkOptions;
  readonly #hooks: LinkHooks;
  readonly #client: MqttClient;
  readonly shownUrl: string;
  #isUp = false;
  #wasUp = false;
  #upSinceMs = 0;
  #shortLives = 0;
  /** Kind of trouble that was said last. */
  #said: "" | "away" | "refused" | "rival" = "";
  #closing = false;

  constructor(options: LinkOptions, hooks: LinkHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.shownUrl = options.url.replace(/\/\/[^@/]*@/, "//");
    this.#client = connect(options.url, this.#clientOptions());
    this.#client.on("connect", () => this.#onConnect());
    this.#client.on("close", () => this.#onClose());
    this.#client.on("error", (error) => this.#onError(error));
    this.#client.on("message", (topic, payload, packet) =>
      this.#onMessage(topic, payload.toString("utf8"), packet.retain),
    );
  }

  #clientOptions(): IClientOptions {
    const { clientId, statusTopic, reconnectMs, username, password } = this.#options;
    return {
      clientId,
      // Spoken by every broker, the embedded one included; nothing here needs version 5.
      protocolVersion: 4,
      keepalive: 30,
      reconnectPeriod: reconnectMs,
      // A broker that refuses today (a password not set yet, its user file being loaded) may accept tomorrow.
      reconnectOnConnackError: true,
      resubscribe: false,
      connectTimeout: CONNECT_MS,
      queueQoSZero: false,
      will: { topic: statusTopic, payload: Buffer.from("offline"), qos: 1, retain: true },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
  }

  get isUp(): boolean {
    return this.#isUp && this.#client.connected;
  }

  /** Sends at QoS 1; drops when the broker is away. What is on its way when the connection breaks is sent again by the client. */
  publish(topic: string, payload: string, retain: boolean): void {
    if (this.isUp) this.#client.publish(topic, payload, { qos: 1, retain });
  }

  subscribe(filters: readonly string[], qos: 0 | 1 = 1): void {
    this.#client.subscribe([...filters], { qos }, (error) => {
      if (error && this.isUp && !this.#closing) {
        this.#hooks.warn(
          `MQTT broker ${this.shownUrl} does not let us subscribe to ${filters.join(", ")} (${error.message}): check its access rules`,
        );
      }
    });
  }

  /** `done`: the broker has confirmed it, after all that it had to send; not called when the connection breaks. */
  unsubscribe(filters: readonly string[], done: () => void): void {
    if (!this.isUp) return;
    this.#client.unsubscribe([...filters], {}, (error) => {
      if (!error && this.isUp && !this.#closing) done();
    });
  }

  #onConnect(): void {
    const outage = this.#said !== "";
    if (this.#said !== "rival") this.#said = "";
    this.#isUp = true;
    this.#wasUp = true;
    this.#upSinceMs = Date.now();
    this.subscribe([this.#options.statusTopic, ...this.#options.subscriptions]);
    this.publish(this.#options.statusTopic, "online", true);
    this.#hooks.up(outage);
  }

  #onMessage(topic: string, payload: string, retained: boolean): void {
    if (topic !== this.#options.statusTopic) {
      this.#hooks.message(topic, payload, retained);
      return;
    }
    // The will of an earlier connection of ours, which the broker has only now found dead: it would make everything unavailable.
    if (payload !== "offline" || retained || this.#closing) return;
    // A broker may hand a message on before it has stored it as retained: said at once, ours could be stored before it and be overwritten.
    setTimeout(() => {
      if (!this.#closing) this.publish(topic, "online", true);
    }, TAKE_BACK_MS).unref();
  }

  #onClose(): void {
    const wasUp = this.#isUp;
    this.#isUp = false;
    if (wasUp) this.#hooks.down();
    if (this.#closing) return;
    if (wasUp) this.#shortLives = Date.now() - this.#upSinceMs < SHORT_LIFE_MS ? this.#shortLives + 1 : 0;
    if (this.#shortLives >= SHORT_LIVES) {
      this.#say(
        "rival",
        "keeps closing the connection: is another Lanwarden with the same agent name connected to it?",
      );
    } else if (this.#said === "") this.#sayAway("the connection was closed");
  }

  #onError(error: Error & { code?: unknown }): void {
    if (this.#closing) return;
    if (REFUSED_CODES.has(error.code)) {
      this.#say("refused", "refuses the user name or password: check mqtt.username and mqtt.password");
    } else this.#sayAway(error.message || String(error.code ?? "unknown reason"));
  }

  #sayAway(reason: string): void {
    this.#say("away", `${this.#wasUp ? "is gone" : "cannot be reached"} (${reason})`);
  }

  #say(kind: "away" | "refused" | "rival", what: string): void {
    if (this.#said === kind || this.#said === "rival") return;
    this.#said = kind;
    this.#hooks.warn(`MQTT broker ${this.shownUrl} ${what}; trying on every ${this.#options.reconnectMs / 1000} s`);
  }

  /** Says "offline" and leaves, within 0.8 s. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.isUp) {
      const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      const last = this.#client.publishAsync(this.#options.statusTopic, "offline", { qos: 1, retain: true });
      await Promise.race([last.catch(() => undefined), limit]);
    }
    await this.#client.endAsync(true);
  }
}
