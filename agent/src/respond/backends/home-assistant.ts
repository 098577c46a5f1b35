import { isIP } from "node:net";
import type { HomeAssistantActions } from "@lanwarden/contract/home-assistant";
import { ISOLATION_LEVELS, type IsolationLevel } from "@lanwarden/contract/isolation";
import Type from "typebox";
import { AgentError } from "../../core/errors.ts";
import { sanitizeText } from "../../core/sanitize.ts";
import {
  type Backend,
  type BackendContext,
  type BackendEntry,
  defineBackend,
  type IsolationTarget,
} from "../define.ts";

/** A switch of a router's integration is polled; most tell within a second or two. */
const SETTLE_LIMIT_MS = 5000;
const SETTLE_STEP_MS = 150;

interface Call {
  action: string;
  target?: Record<string, unknown>;
  data?: Record<string, unknown>;
}

/** How one device is shut off, or any device. */
interface Way {
  isolate: Call;
  release: Call;
  /** Entity that tells whether the device is shut off, and its state then. */
  state?: { entity: string; isolated: string };
}

export interface HomeAssistantConfig extends Partial<Way> {
  level?: IsolationLevel;
  name?: string;
  /** By MAC or name of the device: ways of their own. */
  devices?: Record<string, Way>;
}

const closed = { additionalProperties: false } as const;
const values = (what: string) => Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: what }));
const call = Type.Object(
  {
    action: Type.String({ pattern: "^[a-z0-9_]+\\.[a-z0-9_]+$", description: "an action, as in switch.turn_on" }),
    target: values("what it acts on, as in { entity_id: switch.block_camera }"),
    data: values("its data; {mac}, {mac_no_colons}, {ip} and {name} are filled in"),
  },
  closed,
);
const state = Type.Object(
  {
    entity: Type.String({ pattern: "^[a-z0-9_]+\\.[a-z0-9_{}]+$", description: "an entity" }),
    isolated: Type.String({ minLength: 1, maxLength: 64, description: "its state while the device is shut off" }),
  },
  closed,
);
const way = Type.Object({ isolate: call, release: call, state: Type.Optional(state) }, closed);

/** Any action of the user's Home Assistant that shuts a device off: a switch of the router's integration, a script, a smart plug. */
export const homeAssistant = defineBackend<HomeAssistantConfig>({
  type: "home_assistant",
  schema: Type.Object(
    {
      level: Type.Optional(
        Type.Enum([...ISOLATION_LEVELS], { description: `how far it reaches: ${ISOLATION_LEVELS.join(" | ")}` }),
      ),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 48, description: "what it is called for people" })),
      isolate: Type.Optional(call),
      release: Type.Optional(call),
      state: Type.Optional(state),
      devices: Type.Optional(Type.Record(Type.String(), way, { description: "ways by MAC or name of the device" })),
    },
    closed,
  ),
  open(config, place, context) {
    if ((config.isolate === undefined) !== (config.release === undefined))
      throw new AgentError("ERR_BACKEND", `${place}: isolate and release belong together: give both, or devices`);
    if (config.isolate === undefined && Object.keys(config.devices ?? {}).length === 0)
      throw new AgentError("ERR_BACKEND", `${place}: nothing to do: give isolate and release, or devices`);
    return new HomeAssistantBackend(config, context);
  },
});

class HomeAssistantBackend implements Backend {
  readonly type = "home_assistant";
  readonly name: string;
  readonly level: IsolationLevel;
  readonly #context: BackendContext;
  readonly #general: Way | undefined;
  readonly #special: ReadonlyMap<string, Way>;
  /** What was done here last, by device: all that is known where no entity tells. `undefined`: let in again. */
  readonly #done = new Map<string, IsolationTarget | undefined>();
  #hasSaid = false;

  constructor(
    { level = "wan", name = "Home Assistant", isolate, release, state, devices }: HomeAssistantConfig,
    context: BackendContext,
  ) {
    this.name = name;
    this.level = level;
    this.#context = context;
    this.#general = isolate && release && { isolate, release, ...(state === undefined ? {} : { state }) };
    this.#special = new Map(Object.entries(devices ?? {}).map(([key, one]) => [keyOf(key), one]));
  }

  async notReady(): Promise<string | undefined> {
    return this.#actions?.isUp === true ? undefined : "Home Assistant is not connected";
  }

  plan(target: IsolationTarget): string {
    return `call ${this.#wayOf(target)?.isolate.action ?? "nothing"} for ${target.name}`;
  }

  cannot(target: IsolationTarget): string | undefined {
    const found = this.#wayOf(target);
    if (found === undefined) return "no action is configured for it";
    const text = JSON.stringify([found.isolate, found.release, found.state]);
    if (target.mac === null && /\{mac(_no_colons)?\}/.test(text)) return "no MAC of it is known";
    if (addressOf(target) === undefined && text.includes("{ip}")) return "no address of it is known";
    return undefined;
  }

  /** One switch stands for the device, whatever its addresses are, unless the action takes an address. */
  keysOf(target: IsolationTarget): readonly string[] {
    const found = this.#wayOf(target);
    const usesAddress = JSON.stringify(found?.isolate ?? {}).includes("{ip}");
    return [usesAddress ? (addressOf(target) ?? target.device) : target.device];
  }

  async apply(target: IsolationTarget): Promise<void> {
    const found = this.#must(target);
    const before = this.#done.get(target.device);
    // The action names an address: the one that it has no more is somebody else's by now.
    if (before !== undefined && this.keysOf(before)[0] !== this.keysOf(target)[0])
      await this.#call(found.release, before);
    await this.#call(found.isolate, target);
    this.#done.set(target.device, target);
    await this.#settled(found, target, true);
    if (found.state === undefined && !this.#hasSaid) {
      this.#hasSaid = true;
      this.#context.warn(
        `${this.name}: no entity tells whether ${target.name} is shut off, so only the tap can prove it; name one with state:`,
      );
    }
  }

  async revert(target: IsolationTarget): Promise<void> {
    const before = this.#done.get(target.device) ?? target;
    const found = this.#must(before);
    await this.#call(found.release, before);
    await this.#settled(found, before, false);
    this.#done.set(target.device, undefined);
  }

  /** With an entity, its word; without, what was done last, here or before a restart: the router's word is missing then. */
  async list(targets: readonly IsolationTarget[]): Promise<readonly BackendEntry[]> {
    const entries = await Promise.all(
      targets.map(async (asked) => {
        const target = this.#done.get(asked.device) ?? asked;
        const told = this.#wayOf(target)?.state;
        const wasUndone = this.#done.has(asked.device) && this.#done.get(asked.device) === undefined;
        const isHeld = told === undefined ? !wasUndone : await this.#isIsolated(told, target);
        return isHeld ? this.keysOf(target).map((key) => ({ device: target.device, key })) : [];
      }),
    );
    return entries.flat();
  }

  async close(): Promise<void> {}

  get #actions(): HomeAssistantActions | undefined {
    return this.#context.homeAssistant;
  }

  #wayOf({ mac, name }: IsolationTarget): Way | undefined {
    return (mac === null ? undefined : this.#special.get(mac)) ?? this.#special.get(keyOf(name)) ?? this.#general;
  }

  #must(target: IsolationTarget): Way {
    const found = this.#wayOf(target);
    if (found === undefined) throw new Error(`no action is configured for ${target.name}`);
    return found;
  }

  async #call({ action, data, target: on }: Call, target: IsolationTarget): Promise<void> {
    if (this.#actions === undefined) throw new Error("Home Assistant is not connected");
    const filled = (part: Record<string, unknown> | undefined) => fill(part ?? {}, target) as Record<string, unknown>;
    await this.#actions.call(action, filled(data), on === undefined ? undefined : filled(on));
  }

  async #isIsolated({ entity, isolated }: NonNullable<Way["state"]>, target: IsolationTarget): Promise<boolean> {
    return (await this.#actions?.state(fillText(entity, target))) === isolated;
  }

  /** Waits until the entity says so. */
  async #settled({ state: told }: Way, target: IsolationTarget, wanted: boolean): Promise<void> {
    if (told === undefined) return;
    for (let waitedMs = 0; (await this.#isIsolated(told, target)) !== wanted; waitedMs += SETTLE_STEP_MS) {
      if (waitedMs >= SETTLE_LIMIT_MS)
        throw new Error(
          `${fillText(told.entity, target)} does not say "${told.isolated}" ${wanted ? "yet" : "no more"}`,
        );
      await new Promise((done) => setTimeout(done, SETTLE_STEP_MS));
    }
  }
}

const keyOf = (text: string): string => text.trim().toLowerCase();

const addressOf = ({ ips }: IsolationTarget): string | undefined => ips.find((ip) => isIP(ip) === 4) ?? ips[0];

/** Fills in strings anywhere in the data. Keys stay as the user wrote them. */
function fill(value: unknown, target: IsolationTarget): unknown {
  if (typeof value === "string") return fillText(value, target);
  if (Array.isArray(value)) return value.map((item) => fill(item, target));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, target)]));
}

/** A device's name comes from the wire: nothing in it may read as a template of Home Assistant. */
function fillText(text: string, { mac, name, ...target }: IsolationTarget): string {
  const words: Readonly<Record<string, string>> = {
    mac: mac ?? "",
    mac_no_colons: (mac ?? "").replaceAll(":", ""),
    ip: addressOf({ mac, name, ...target }) ?? "",
    name: sanitizeText(name, 64).replace(/[{}%#<>"'\\]/g, ""),
  };
  return text.replace(/\{(mac|mac_no_colons|ip|name)\}/g, (_, word: string) => words[word] ?? "");
}
