import type { Device } from "@lanwarden/contract/device";
import type { HomeAssistantActions } from "@lanwarden/contract/home-assistant";
import type { Incident } from "@lanwarden/contract/incident";
import type {
  BackendInfo,
  IsolationAnswer,
  IsolationRequest,
  IsolationRow,
  IsolationState,
} from "@lanwarden/contract/isolation";
import type { GuardMode } from "@lanwarden/contract/kinds";
import { isoTime } from "../core/time-text.ts";
import type { FindingSource } from "../detect/incident-book.ts";
import type { WatchReport, WatchTarget } from "../flow/device-watch.ts";
import type { Backend } from "../respond/define.ts";
import type { IsolationJournal } from "../respond/journal.ts";
import type { NeverList } from "../respond/never-list.ts";
import { Policy } from "../respond/policy.ts";
import { Responder } from "../respond/responder.ts";
import { openBackends } from "./backends.ts";
import type { Config } from "./config.ts";
import type { Home } from "./home.ts";
import { neverList } from "./never.ts";

export interface IsolationParts {
  config: Config;
  home: Home;
  journal: IsolationJournal;
  /** Home Assistant's actions, while there is a link. */
  homeAssistant: HomeAssistantActions | undefined;
  /** The sample home's own, instead of those of the configuration. */
  demoRouter?: Backend;
  mode(): GuardMode;
  watch(targets: readonly WatchTarget[]): void;
  /** Packets come in from a live tap, in the present. */
  tapIsLive(): boolean;
  /** A person should hear what became of it. */
  tell(device: Device, incident: Incident | undefined): void;
  warn(message: string): void;
  info(message: string): void;
}

/** An isolated device that still talks is an incident of its own: somebody relies on its silence. */
const NO_EFFECT: FindingSource = {
  id: "response.no-effect",
  kind: "policy_violation",
  severity: "high",
  attack: [],
  advice: [
    "Unplug the device, or switch its Wi-Fi off in the router, until it is clear why.",
    "See whether the back-end stands where the device's traffic passes: a device behind another router or on a guest network has another way out.",
  ],
  quietSeconds: 600,
  signatureId: 7_700_900,
};

/** Joins what isolates devices with the home, the tap and those who are told. */
export class Isolation {
  readonly #parts: IsolationParts;
  readonly #responder: Responder;
  readonly #never: NeverList;
  readonly canIsolate: boolean;

  constructor(parts: IsolationParts) {
    const { config, home } = parts;
    this.#parts = parts;
    const { homeAssistant, warn } = parts;
    const backends = parts.demoRouter
      ? [parts.demoRouter]
      : openBackends(config.response.backends, "configuration", { homeAssistant, warn });
    this.canIsolate = backends.length > 0;
    const never = neverList(config, home);
    this.#never = never;
    this.#responder = new Responder({
      backends,
      journal: parts.journal,
      policy: new Policy(config.response.policy),
      mode: parts.mode,
      maxIsolated: config.response.maxIsolated,
      releaseAfterSeconds: config.response.releaseAfterSeconds,
      device: (id) => home.device(id),
      incident: (id) => home.incident(id),
      protectedReason: (device) => never.reason(device),
      nowMs: () => Date.now(),
      watch: parts.watch,
      hooks: {
        changed: (deviceId, incidentId) => this.#changed(deviceId, incidentId),
        response: (incidentId, response) => this.#respond(incidentId, response),
        tookNoEffect: (device, detail) => this.#reportNoEffect(device, detail),
        // Whoever tells of the incident asks: its `response.wanted` says that there is something to decide.
        asks: () => undefined,
        warn: parts.warn,
        info: parts.info,
      },
    });
  }

  /** Brings journal and router into one state, before anything else is done. */
  async start(): Promise<void> {
    await this.#never.refresh(Date.now());
    await this.#responder.start();
  }

  async request(deviceId: string, request: IsolationRequest): Promise<IsolationAnswer | undefined> {
    return this.#parts.home.device(deviceId) === undefined ? undefined : this.#responder.request(deviceId, request);
  }

  async release(deviceId: string, by: string): Promise<IsolationAnswer | undefined> {
    return this.#parts.home.device(deviceId) === undefined ? undefined : this.#responder.release(deviceId, by);
  }

  releaseAll(by: string): Promise<void> {
    return this.#responder.releaseAll(by);
  }

  onIncident(change: string, incident: Incident): void {
    this.#responder.onIncident(change, incident);
  }

  onDevice(device: Device): void {
    this.#responder.onDevice(device);
  }

  tick(): void {
    void this.#never.refresh(Date.now());
    this.#responder.tick();
  }

  /** What the sensor saw of the isolated devices. On a live tap packet time is the clock's. */
  watched(reports: readonly WatchReport[]): void {
    const ms = (us: number): number | undefined => (us === 0 ? undefined : us / 1000);
    this.#responder.tapReport(
      reports.map(({ device, reachedUs, triedUs }) => ({ device, reachedMs: ms(reachedUs), triedMs: ms(triedUs) })),
      this.#parts.tapIsLive(),
    );
  }

  state(deviceId: string): IsolationState {
    return this.#responder.state(deviceId);
  }

  rows(): IsolationRow[] {
    return this.#responder.rows();
  }

  backends(): Promise<BackendInfo[]> {
    return this.#responder.backends();
  }

  close(): Promise<void> {
    return this.#responder.close();
  }

  #changed(deviceId: string, incidentId: string | undefined): void {
    const { home, tell } = this.#parts;
    home.deviceChanged(deviceId);
    const device = home.device(deviceId);
    if (device) tell(device, incidentId === undefined ? undefined : home.incident(incidentId));
  }

  /** The incident says what its isolation came to, in words. */
  #respond(incidentId: string, response: Incident["response"]): void {
    const { home } = this.#parts;
    const device = home.incident(incidentId)?.device;
    const isolated = device === null || device === undefined ? undefined : this.#responder.state(device);
    home.setResponse(incidentId, isolated === undefined ? response : { ...response, ...outcome(response, isolated) });
  }

  #reportNoEffect(device: Device, detail: string): void {
    const [ip] = device.ips;
    const party = { ...(device.mac === null ? {} : { mac: device.mac }), ...(ip === undefined ? {} : { ip }) };
    this.#parts.home.report(NO_EFFECT, {
      confidence: 1,
      attacker: party,
      victim: null,
      subject: party,
      direction: "outbound",
      title: "{device} still talks although it is isolated",
      why: [detail],
      group: "isolation",
      atUs: Math.max(this.#parts.home.nowUs, Date.now() * 1000),
    });
    this.#parts.warn(
      `${device.name} still talks although it is isolated, since ${isoTime(Date.now() * 1000)}: ${detail}`,
    );
  }
}

/** What stands beside the state of a response. */
function outcome(
  { state }: Incident["response"],
  { backend, silent_since: silentSince = null, detail = null }: IsolationState,
): Pick<Incident["response"], "detail" | "silent_since"> {
  if (state === "failed") return { detail };
  if (state !== "isolated") return {};
  const proof = silentSince === null ? "not proven by the tap" : `silent since ${silentSince.slice(11, 19)} UTC`;
  return { detail: `Isolated by ${backend ?? "the router"} and ${proof}.`, silent_since: silentSince };
}
