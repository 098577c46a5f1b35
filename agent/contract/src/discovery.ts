import type { Device } from "./device.ts";

/** What announcing needs to know of the agent. */
export interface DiscoveryContext {
  agent: string;
  version: string;
  /** Address of the page, for the device's link. */
  pageUrl: string;
  /** Home Assistant's discovery prefix, usually "homeassistant". */
  prefix: string;
  /**
   * Announce the MAC as a connection of the device. Right for Home Assistant 2026.8 and newer, which shows devices of the same MAC as linked;
   * older ones would merge ours into the user's device and rename it.
   */
  linkByMac: boolean;
  /** A back-end is configured: there are entities that isolate. Without one there are none, for they could do nothing. */
  canIsolate?: boolean;
  /** One was configured once: Home Assistant may still hold those entities, and is told to drop them. */
  couldIsolate?: boolean;
}

/** One retained message that announces a device with its entities. */
export interface DiscoveryMessage {
  topic: string;
  payload: Record<string, unknown>;
}

/** Makes Home Assistant's device-based discovery messages. */
export interface Discovery {
  hub(context: DiscoveryContext): DiscoveryMessage;
  /** `mines`: the device has mined, or is declared a miner. */
  device(device: Device, mines: boolean, context: DiscoveryContext): DiscoveryMessage;
  /** True if a message found on the broker announces a device of this agent: stale ones are taken back. */
  owns(payload: unknown, agent: string): boolean;
}
