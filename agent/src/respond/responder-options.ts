import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationLevel } from "@lanwarden/contract/isolation";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { Backend } from "./define.ts";
import type { IsolationJournal } from "./journal.ts";
import type { Policy } from "./policy.ts";

/** A device whose packets the sensor watches, because it should be silent. */
export interface WatchTarget {
  readonly device: string;
  readonly mac: string | null;
  readonly ips: readonly string[];
  /** Which packets should not be: of anybody (`l2`), or those with the internet at the other end. */
  readonly level: IsolationLevel;
}

/** What the tap saw of a watched device. Wall clock, milliseconds since 1970; undefined = never since it is watched. */
export interface TapSight {
  readonly device: string;
  /** A packet reached the device from where its level forbids. */
  readonly reachedMs: number | undefined;
  /** The device tried to send there. */
  readonly triedMs: number | undefined;
}

/** Who is told what happens. None of them may throw. */
export interface ResponderHooks {
  /** The state of a device's isolation changed: read it with `state()`. `incidentId`: the incident that it answers. */
  changed(deviceId: string, incidentId: string | undefined): void;
  /** What is done about an incident changed. */
  response(incidentId: string, response: Incident["response"]): void;
  /** An isolation is in force by the router's word, but packets still reach the device. `detail`: a sentence. */
  tookNoEffect(device: Device, detail: string): void;
  /** A person should decide whether the device is isolated. Once an incident. */
  asks(incident: Incident, device: Device): void;
  warn(message: string): void;
  info(message: string): void;
}

export interface ResponderOptions {
  readonly backends: readonly Backend[];
  readonly journal: IsolationJournal;
  readonly policy: Policy;
  mode(): GuardMode;
  /** Devices isolated at once, at most. */
  readonly maxIsolated: number;
  /** How long an isolation lasts when nobody says otherwise. */
  readonly releaseAfterSeconds: number;
  device(id: string): Device | undefined;
  incident(id: string): Incident | undefined;
  /** Why a device is never isolated, in words; see NeverList. */
  protectedReason(device: Device): string | undefined;
  /** Wall clock, milliseconds since 1970. Packet time plays no part here. */
  nowMs(): number;
  /** Tells the sensor whom to watch: the whole list each time it changes. */
  watch(targets: readonly WatchTarget[]): void;
  readonly hooks: ResponderHooks;
}
