import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { BackendInfo, IsolationRequest, IsolationRow, IsolationState } from "@lanwarden/contract/isolation";
import type { Answer, ResponderOptions, TapSight } from "./responder-options.ts";

/**
 * Shuts devices off and lets them in again: policy, guard, journal, back-end, verify. What is written here is done by the parts beside it.
 */
export class Responder {
  readonly #options: ResponderOptions;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#options.watch([]);
  }

  async request(deviceId: string, _request: IsolationRequest): Promise<Answer> {
    return {
      accepted: false,
      code: "no_backend",
      detail: `${deviceId} cannot be isolated: no back-end is configured.`,
    };
  }

  async release(_deviceId: string, _by: string): Promise<Answer> {
    return { accepted: true };
  }

  async releaseAll(_by: string): Promise<void> {}

  onIncident(_change: string, _incident: Incident): void {}

  onDevice(_device: Device): void {}

  tapReport(_report: readonly TapSight[], _tapIsLive: boolean): void {}

  tick(): void {}

  state(_deviceId: string): IsolationState {
    return { state: "no", backend: null, level: null, since: null, until: null };
  }

  rows(): IsolationRow[] {
    return [];
  }

  async backends(): Promise<BackendInfo[]> {
    return [];
  }

  async close(): Promise<void> {}
}
