import type { Device } from "@lanwarden/contract/device";
import type { DiscoveryContext } from "@lanwarden/contract/discovery";
import type { topics } from "@lanwarden/contract/topics";

/** Where an entity's state and commands live. */
export interface EntityTopics {
  /** The JSON state that `value_template` reads. */
  state: string;
  /** JSON attributes. */
  attributes: string;
  /** Incident events, not retained. */
  incident: string;
  /** Commands of the device; empty for the hub, whose commands are the agent's. */
  isolateSet: string;
  profileSet: string;
  agent: ReturnType<typeof topics>;
}

/** One entity of the hub or of every announced device. One file in entities each; a key of the component is never reused for another meaning. */
export interface Entity {
  /** Stable: part of the unique id. */
  readonly key: string;
  readonly of: "hub" | "device";
  /** Component of Home Assistant ("sensor", "binary_sensor", "event", "select", "button" …). */
  readonly platform: string;
  /** Sentence case, the data point only, never the device's name (Home Assistant adds that). */
  readonly name: string;
  /** What it tells, in one sentence for docs/reference/entities.md. */
  readonly about: string;
  /** Only for devices of which this is true (default: all). */
  applies?(device: Device, mines: boolean): boolean;
  /** Isolates or releases: only there when a back-end is configured, since it could do nothing without. */
  readonly isolates?: true;
  /** The rest of the component's configuration, in the long names of Home Assistant's MQTT documentation. */
  config(topics: EntityTopics, context: DiscoveryContext): Readonly<Record<string, unknown>>;
}

export const defineEntity = (entity: Entity): Entity => entity;
