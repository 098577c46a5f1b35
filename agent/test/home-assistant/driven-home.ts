import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { discovery } from "@lanwarden/home-assistant/discovery";
import type { Sink } from "../../src/sinks/define.ts";
import { type MqttConfig, mqtt } from "../../src/sinks/targets/mqtt.ts";
import { FakeHome } from "../mqtt/fake-home.ts";

let incidents = 0;

/** The real MQTT sink over a home that a test fills by hand: quicker than a whole agent, and nothing happens that was not asked for. */
export class DrivenHome {
  readonly home: FakeHome;
  readonly #config: MqttConfig;
  #sink: Sink | undefined;

  constructor(url: string, agent = "home", change: Partial<MqttConfig> = {}) {
    this.home = new FakeHome(agent);
    this.home.changed = (device) => this.#sink?.device(device);
    this.#config = {
      url,
      embedded: undefined,
      discoveryPrefix: "homeassistant",
      maxDevices: 64,
      linkByMac: true,
      discovery,
      timings: { collectMs: 2000, birthJitterMs: 300 },
      ...change,
    };
  }

  get sink(): Sink {
    if (!this.#sink) throw new Error("the sink is not open");
    return this.#sink;
  }

  get isOpen(): boolean {
    return this.#sink !== undefined;
  }

  async open(): Promise<void> {
    this.#sink = await mqtt.open(this.#config, this.home.context());
  }

  async close(): Promise<void> {
    await this.#sink?.close();
    this.#sink = undefined;
  }

  device(number: number, change: Partial<Device> = {}): Device {
    const device = makeDevice(number, { pinned: true, ...change });
    this.home.deviceList.push(device);
    this.#sink?.device(device);
    return device;
  }

  /** Raises an incident as the agent does: it is in the book when the sinks hear of it. */
  raise(device: Device, change: Partial<Incident> = {}): Incident {
    incidents++;
    const id = `test${String(incidents).padStart(8, "0")}`;
    const incident = makeIncident(id, { device: device.id, title: `${device.name} scans ports`, ...change });
    this.home.incidentList.push(incident);
    this.sink.incident("opened", incident);
    this.sink.hub(this.home.hub());
    return incident;
  }
}
