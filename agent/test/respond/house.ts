import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { Backend } from "../../src/respond/define.ts";
import type { IsolationJournal } from "../../src/respond/journal.ts";
import { Policy } from "../../src/respond/policy.ts";
import type { PolicyRule } from "../../src/respond/policy-schema.ts";
import { Responder } from "../../src/respond/responder.ts";
import type { WatchTarget } from "../../src/respond/responder-options.ts";
import { rememberedDevice } from "../../src/respond/target.ts";

export const START_MS = Date.UTC(2026, 10, 27, 12);

export const deviceAt = (n: number, more: Partial<Device> = {}): Device => ({
  ...rememberedDevice({
    id: "",
    device: `02:00:00:00:00:0${n}`,
    name: `Device ${n}`,
    mac: `02:00:00:00:00:0${n}`,
    ips: [`192.168.1.${n}`],
    by: "",
    reason: "",
    incidents: [],
    requestedMs: START_MS,
    untilMs: null,
    isWanted: false,
    holds: new Map(),
    sinceMs: null,
    isVerified: false,
    detail: null,
    releasedMs: null,
    isReleasedByPerson: false,
  }),
  type: "camera",
  ...more,
});

export const incidentOf = (id: string, device: Device, more: Partial<Incident> = {}): Incident => ({
  id,
  kind: "network_scan",
  detection: "scan.network",
  title: `${device.name} scans the internet`,
  severity: "high",
  confidence: 0.95,
  direction: "outbound",
  attacker: device.mac === null ? null : { mac: device.mac },
  victim: null,
  device: device.id,
  first_seen: "2026-11-27T12:00:00.000000+00:00",
  last_seen: "2026-11-27T12:00:00.000000+00:00",
  count: 1,
  status: "open",
  why: [],
  advice: [],
  attack: [],
  evidence: { flow_ids: [], fields: {} },
  response: { wanted: "none", state: "none" },
  ...more,
});

/** Lets promises and the event loop run. */
export async function breathe(turns = 12): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
}

/** A home around a responder: its devices, incidents, clock and ears. */
export class House {
  nowMs = START_MS;
  mode: GuardMode = "protect";
  maxIsolated = 3;
  rules: PolicyRule[] = [];
  readonly devices = new Map<string, Device>();
  readonly incidents = new Map<string, Incident>();
  readonly guarded = new Map<string, string>();
  watched: readonly WatchTarget[] = [];
  readonly heard: string[] = [];
  readonly warnings: string[] = [];
  readonly noEffect: string[] = [];
  responder!: Responder;

  constructor(...devices: Device[]) {
    for (const device of devices) this.devices.set(device.id, device);
  }

  /** Starts a responder, as after a boot. `isAlive`: its words count no more once it is dead. */
  boot(backends: readonly Backend[], journal: IsolationJournal, isAlive: () => boolean = () => true): Promise<void> {
    const hear = (text: string): void => {
      if (isAlive()) this.heard.push(text);
    };
    const responder: Responder = new Responder({
      backends,
      journal,
      policy: new Policy(this.rules),
      mode: () => this.mode,
      maxIsolated: this.maxIsolated,
      releaseAfterSeconds: 4 * 3600,
      device: (id) => this.devices.get(id),
      incident: (id) => this.incidents.get(id),
      protectedReason: ({ id }) => this.guarded.get(id),
      nowMs: () => this.nowMs,
      watch: (targets) => {
        this.watched = targets;
      },
      hooks: {
        changed: (id) => hear(`${id} ${responder.state(id).state}`),
        response: (id, response) => {
          if (!isAlive()) return;
          hear(`${id} ${response.wanted} ${response.state}`);
          const incident = this.incidents.get(id);
          if (incident) this.incidents.set(id, { ...incident, response });
        },
        tookNoEffect: ({ id }, detail) => {
          hear(`${id} no effect`);
          this.noEffect.push(detail);
        },
        asks: ({ id }) => hear(`${id} asks`),
        warn: (message) => this.warnings.push(message),
        info: () => undefined,
      },
    });
    this.responder = responder;
    return responder.start();
  }

  tell(incident: Incident): void {
    const kept = this.incidents.get(incident.id);
    const now = { ...incident, response: kept?.response ?? incident.response };
    this.incidents.set(incident.id, now);
    this.responder.onIncident("updated", now);
  }

  /** Lets time pass in quarters of a second, with what the tap sees; undefined = it is dead. */
  async pass(ms: number, reachedMs?: (device: string) => number | undefined, isTapLive = true): Promise<void> {
    for (let end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs = Math.min(this.nowMs + 250, end);
      const sights = this.watched.map(({ device }) => ({
        device,
        reachedMs: reachedMs?.(device),
        triedMs: undefined,
      }));
      this.responder.tapReport(sights, isTapLive);
      this.responder.tick();
      await breathe(4);
    }
  }
}
