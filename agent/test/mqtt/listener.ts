import { connect, type IClientOptions, type MqttClient } from "mqtt";

export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
  readonly atMs: number;
}

/** Another client of the broker: hears everything under its filters, and speaks. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly client: MqttClient;

  private constructor(client: MqttClient) {
    this.client = client;
    client.on("message", (topic, payload, packet) =>
      this.heard.push({ topic, payload: payload.toString("utf8"), retained: packet.retain, atMs: Date.now() }),
    );
    client.on("error", () => undefined);
  }

  /** Resolves when the broker is there and listens to us, however long that takes; rejects when it refuses us. */
  static async open(url: string, filters: string[] = ["#"], options: IClientOptions = {}): Promise<Listener> {
    const client = connect(url, { reconnectPeriod: 100, protocolVersion: 4, ...options });
    const listener = new Listener(client);
    await new Promise<void>((resolve, reject) => {
      client.once("connect", () => resolve());
      client.on("error", (error: Error & { code?: unknown }) => {
        if (typeof error.code === "number") reject(error);
      });
    });
    await client.subscribeAsync(filters, { qos: 1 });
    return listener;
  }

  async say(topic: string, payload: string, retain = false): Promise<void> {
    await this.client.publishAsync(topic, payload, { qos: 1, retain });
  }

  on(topic: string): Heard[] {
    return this.heard.filter((message) => message.topic === topic);
  }

  last(topic: string): string | undefined {
    return this.on(topic).at(-1)?.payload;
  }

  json(topic: string): Record<string, unknown> {
    return JSON.parse(this.last(topic) ?? "{}") as Record<string, unknown>;
  }

  forget(): void {
    this.heard.length = 0;
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}

/** What a newcomer finds: the retained messages under a filter. */
export async function retained(
  url: string,
  filter: string,
  options: IClientOptions = {},
): Promise<Map<string, string>> {
  const listener = await Listener.open(url, [filter], options);
  await pause(250);
  await listener.close();
  return new Map(listener.heard.filter((message) => message.retained).map(({ topic, payload }) => [topic, payload]));
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is true; throws with its name after the limit. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, limitMs = 8000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await pause(20);
  }
}
