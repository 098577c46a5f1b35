import { topics } from "@lanwarden/contract/topics";
import type { DeviceView } from "./device-view.ts";
import type { Api } from "./hass.ts";

export const ISOLATE_SECONDS = 4 * 3600;

/** What a person may ask of an agent: by its entities, and by its MQTT topics where there is no entity. */
export class Commands {
  readonly #api: Api;
  readonly #topics: ReturnType<typeof topics>;

  constructor(api: Api, agent: string) {
    this.#api = api;
    this.#topics = topics(agent);
  }

  /** Isolation for the time that the agent's configuration says. */
  async isolate(device: DeviceView): Promise<void> {
    await this.#switch(device, "turn_on");
  }

  async release(device: DeviceView): Promise<void> {
    await this.#switch(device, "turn_off");
  }

  /** The button names the time, so it must be told: a switch cannot. */
  async isolateForIncident(topicId: string, incident: string): Promise<void> {
    await this.#publish(
      this.#topics.isolateSet(topicId),
      JSON.stringify({ state: "ON", for_seconds: ISOLATE_SECONDS, incident, by: "home-assistant" }),
    );
  }

  async acknowledge(incident: string): Promise<void> {
    await this.#publish(this.#topics.incidentAck(incident), "home-assistant");
  }

  async normal(incident: string): Promise<void> {
    await this.#publish(this.#topics.incidentNormal(incident), "home-assistant");
  }

  async #switch(device: DeviceView, service: "turn_on" | "turn_off"): Promise<void> {
    if (device.isolation === undefined) return;
    await this.#api.callService("switch", service, { entity_id: device.isolation.entityId });
  }

  /** Never retained: a retained command would be carried out again at every start. */
  async #publish(topic: string, payload: string): Promise<void> {
    await this.#api.callService("mqtt", "publish", { topic, payload, qos: 1, retain: false });
  }
}
