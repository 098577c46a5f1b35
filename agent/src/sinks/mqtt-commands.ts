import type { Device } from "@lanwarden/contract/device";
import { DEVICE_PROFILES } from "@lanwarden/contract/isolation";
import { GUARD_MODES, INCIDENT_KINDS } from "@lanwarden/contract/kinds";
import { topicId, type topics } from "@lanwarden/contract/topics";
import type { SinkContext } from "./define.ts";
import { parseObject, readIsolateCommand } from "./isolation-request.ts";

/** An isolation that is not settled by then is answered by the state as it is; what comes of it is told when it comes. */
const ANSWER_MS = 1500;

interface Hooks {
  /** Answers by state: the home's, and the device's if one is concerned. */
  answer(device: Device | undefined): void;
  /** An isolation was refused: `why` in one sentence. */
  refused(device: Device, why: string): void;
}

/** Commands by MQTT (CONTRACT §5). Anything malformed is said and dropped; every command is answered by state. */
export class MqttCommands {
  readonly #topics: ReturnType<typeof topics>;
  readonly #context: SinkContext;
  readonly #hooks: Hooks;

  constructor(names: ReturnType<typeof topics>, context: SinkContext, hooks: Hooks) {
    this.#topics = names;
    this.#context = context;
    this.#hooks = hooks;
  }

  get subscriptions(): string[] {
    const { modeSet, autoIsolateSet, ackAllSet, releaseAllSet, testIncidentSet, incidentAck, incidentNormal } =
      this.#topics;
    const each = [this.#topics.isolateSet("+"), this.#topics.profileSet("+"), incidentAck("+"), incidentNormal("+")];
    return [modeSet, autoIsolateSet, ackAllSet, releaseAllSet, testIncidentSet, ...each];
  }

  handle(topic: string, payload: string): void {
    const { base, modeSet, autoIsolateSet, ackAllSet, releaseAllSet, testIncidentSet } = this.#topics;
    const [group, id = "", verb, ...rest] = topic.startsWith(`${base}/`) ? topic.slice(base.length + 1).split("/") : [];
    if (topic === modeSet) this.#setMode(payload);
    else if (topic === autoIsolateSet) this.#setAutoIsolate(payload);
    else if (topic === ackAllSet) this.#context.commands.acknowledgeAll();
    else if (topic === testIncidentSet) this.#drill(payload);
    else if (topic === releaseAllSet) {
      this.#inTime(this.#context.commands.releaseAll("mqtt"), undefined);
      return;
    } else if (group === "incident" && verb !== undefined && rest.length === 0) this.#judge(id, verb);
    else if (group === "dev" && verb !== undefined) {
      this.#handleDevice(id, [verb, ...rest].join("/"), payload);
      return;
    }
    this.#hooks.answer(undefined);
  }

  #judge(id: string, verb: string): void {
    const { commands } = this.#context;
    const isId = /^[A-Za-z0-9-]{1,64}$/.test(id);
    const done = isId && (verb === "ack" ? commands.acknowledge(id) : commands.normal(id));
    this.#refuse(done, isId ? `no incident "${id}"` : "that is no incident's id");
  }

  #handleDevice(id: string, what: string, payload: string): void {
    const device = this.#context.home.devices().find((candidate) => topicId(candidate.id) === id);
    if (!device) {
      this.#refuse(false, /^\w{1,64}$/.test(id) ? `no device "${id}"` : "that is no device's id");
      this.#hooks.answer(undefined);
    } else if (what === "isolate/set") this.#isolate(device, payload);
    else {
      const profile = DEVICE_PROFILES.find((candidate) => candidate === payload);
      const done = profile !== undefined && this.#context.commands.setProfile(device.id, profile);
      this.#refuse(done, `a profile must be one of ${DEVICE_PROFILES.join(", ")}`);
      this.#hooks.answer(this.#again(device));
    }
  }

  #isolate(device: Device, payload: string): void {
    const { commands } = this.#context;
    const command = readIsolateCommand(payload);
    if (!command) {
      this.#refuse(
        false,
        'isolating is asked as ON, OFF or {"state": "ON", "for_seconds": 14400, "reason": "…", "by": "…"}',
      );
      this.#hooks.answer(device);
      return;
    }
    const { isOn, request } = command;
    const done = isOn ? commands.isolate(device.id, request) : commands.release(device.id, request.by);
    const told = done.then((why) => {
      if (why === undefined) return;
      this.#refuse(false, `${isOn ? "isolating" : "releasing"} ${device.name}: ${why}`);
      if (isOn) this.#hooks.refused(this.#again(device), why);
    });
    this.#inTime(told, device);
  }

  /** Answers when it is done, or after 1.5 s, whichever is first. */
  #inTime(done: Promise<void>, device: Device | undefined): void {
    const answer = (): void => this.#hooks.answer(device && this.#again(device));
    const timer = setTimeout(answer, ANSWER_MS);
    done
      .catch((error: unknown) => this.#context.warn(`MQTT: command failed: ${(error as Error).message}`))
      .finally(() => {
        clearTimeout(timer);
        answer();
      });
  }

  /** The device as it is now. */
  #again(device: Device): Device {
    return this.#context.home.devices().find(({ id }) => id === device.id) ?? device;
  }

  #setMode(payload: string): void {
    const mode = GUARD_MODES.find((candidate) => candidate === payload);
    const done = mode !== undefined && this.#context.commands.setMode(mode);
    this.#refuse(done, `mode must be one of ${GUARD_MODES.join(", ")}`);
  }

  /** On: Lanwarden isolates by itself. Off: it asks; who wanted not even that would have chosen the mode. */
  #setAutoIsolate(payload: string): void {
    const { home, commands } = this.#context;
    const isOn = home.hub().mode === "protect";
    if (payload === "ON") commands.setMode("protect");
    else if (payload === "OFF" && isOn) commands.setMode("ask");
    else this.#refuse(payload === "OFF", "auto_isolate must be ON or OFF");
  }

  #drill(payload: string): void {
    const asked = parseObject(payload);
    const kind = INCIDENT_KINDS.find((candidate) => candidate === asked.kind);
    const wanted = typeof asked.device === "string" ? asked.device : "";
    const device = this.#context.home.devices().find(({ id }) => id === wanted.toLowerCase() || topicId(id) === wanted);
    this.#refuse(
      kind !== undefined && device !== undefined && this.#context.commands.drill(kind, device.id),
      'a drill is asked as {"kind": "port_scan", "device": "aa:bb:cc:dd:ee:ff"} with a known kind and device',
    );
  }

  #refuse(done: boolean, reason: string): void {
    if (!done) this.#context.warn(`MQTT: command refused: ${reason}`);
  }
}
