import { GUARD_MODES, type GuardMode, INCIDENT_KINDS, type IncidentKind } from "@lanwarden/contract/kinds";
import { topicId, type topics } from "@lanwarden/contract/topics";
import type { SinkContext } from "./define.ts";

/** Commands by MQTT (CONTRACT §5). Anything malformed is said and dropped; every command is answered by state. */
export class MqttCommands {
  readonly #topics: ReturnType<typeof topics>;
  readonly #context: SinkContext;
  readonly #answer: (deviceTopicId: string | undefined) => void;

  constructor(
    names: ReturnType<typeof topics>,
    context: SinkContext,
    hooks: { answer(deviceTopicId: string | undefined): void },
  ) {
    this.#topics = names;
    this.#context = context;
    this.#answer = hooks.answer;
  }

  get subscriptions(): string[] {
    const { base, modeSet, releaseAllSet, testIncidentSet } = this.#topics;
    return [modeSet, releaseAllSet, testIncidentSet, `${base}/incident/+/ack`, `${base}/dev/+/isolate/set`];
  }

  handle(topic: string, payload: string): void {
    const { base, modeSet, testIncidentSet } = this.#topics;
    const ack = topic.startsWith(`${base}/incident/`)
      ? /\/incident\/([A-Za-z0-9-]{1,64})\/ack$/.exec(topic)?.[1]
      : undefined;
    const isolate = /\/dev\/([A-Za-z0-9_]{1,64})\/isolate\/set$/.exec(topic)?.[1];
    if (ack !== undefined) this.#refused(this.#context.commands.acknowledge(ack), `no incident "${ack}"`);
    else if (topic === modeSet) this.#setMode(payload);
    else if (topic === testIncidentSet) this.#drill(payload);
    else if (isolate !== undefined)
      this.#context.warn(`MQTT: isolating ${isolate} was asked, but no back-end is configured: nothing was done`);
    this.#answer(isolate);
  }

  #setMode(payload: string): void {
    const known = (GUARD_MODES as readonly string[]).includes(payload);
    if (known) this.#context.commands.setMode(payload as GuardMode);
    this.#refused(known, `mode must be one of ${GUARD_MODES.join(", ")}`);
  }

  #drill(payload: string): void {
    const asked = parseObject(payload);
    const kind = INCIDENT_KINDS.find((candidate) => candidate === asked.kind) as IncidentKind | undefined;
    const wanted = typeof asked.device === "string" ? asked.device : "";
    const device = this.#context.home.devices().find(({ id }) => id === wanted.toLowerCase() || topicId(id) === wanted);
    this.#refused(
      kind !== undefined && device !== undefined && this.#context.commands.drill(kind, device.id),
      'a drill is asked as {"kind": "port_scan", "device": "aa:bb:cc:dd:ee:ff"} with a known kind and device',
    );
  }

  #refused(done: boolean, reason: string): void {
    if (!done) this.#context.warn(`MQTT: command refused: ${reason}`);
  }
}

/** The JSON object in a text; an empty one for anything else. */
function parseObject(text: string): { kind?: unknown; device?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
