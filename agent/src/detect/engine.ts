import type { Direction } from "@lanwarden/contract/kinds";
import { severityRank } from "@lanwarden/contract/kinds";
import { MICROS } from "../core/clock.ts";
import { type Network, PRIVATE_NETWORKS } from "../core/ip.ts";
import { LruMap } from "../core/lru-map.ts";
import { NetworkList } from "../core/network-list.ts";
import type { SensorEvent, SensorEventMap } from "../dissect/event.ts";
import { isGroupAddress } from "./address.ts";
import type { Alert } from "./alert.ts";
import { type Attempt, Attempts } from "./attempts.ts";
import { categoryOf, eveSeverity } from "./categories.ts";
import type { AnyDetection, DetectContext, DetectLookups, Finding, IncidentChange, Settings } from "./define.ts";
import { DnsCache } from "./dns-cache.ts";
import { type FindingSource, IncidentBook } from "./incident-book.ts";
import { peerNetwork } from "./incident-key.ts";
import { detections as registry } from "./registry.gen.ts";

export interface DetectionEngineOptions {
  /** Default: all. */
  readonly detections?: readonly AnyDetection[];
  /** Thresholds that differ from the defaults, by detection id. */
  readonly settings?: Readonly<Record<string, Settings>>;
  /** Networks of the home; empty or absent: the private ones. */
  readonly home?: readonly Network[];
  readonly lookups: DetectLookups;
  onAlert(alert: Alert): void;
  onIncident(change: IncidentChange): void;
  readonly runSeed?: string;
}

/** Time between ticks: what becomes sure by waiting is told this much later at most. */
const TICK_US = MICROS / 4;

/** Group of EVE alerts that our detections make. */
export const DETECTION_GID = 7700;
const ATTACK_MEMORY_US = 3600 * MICROS;
const MAX_ATTACKS = 4096;

interface Running {
  readonly detection: AnyDetection;
  readonly settings: Settings;
  readonly state: unknown;
  readonly context: DetectContext;
  isOn: boolean;
  faults: number;
}

interface Handler {
  readonly running: Running;
  call(event: SensorEvent, state: unknown, context: DetectContext, settings: Settings): void;
}

/**
 * Runs the detections over the sensor's events in packet time, makes an alert of each finding and groups findings into incidents.
 * A detection that throws is counted and switched off; the others go on.
 */
export class DetectionEngine {
  readonly incidents: IncidentBook;
  readonly #options: DetectionEngineOptions;
  readonly #running: Running[] = [];
  readonly #handlers = new Map<keyof SensorEventMap, Handler[]>();
  /** Followed once for all detections that ask. */
  readonly #attempts = new Attempts();
  readonly #home: NetworkList;
  readonly #names = new DnsCache();
  readonly #attacks = new LruMap<string, number>(MAX_ATTACKS);
  #nowUs = 0;
  #nextTickUs = 0;

  constructor(options: DetectionEngineOptions) {
    this.#options = options;
    this.#home = new NetworkList(options.home && options.home.length > 0 ? options.home : PRIVATE_NETWORKS);
    this.incidents = new IncidentBook({
      lookups: options.lookups,
      isHome: (ip) => this.#home.has(ip),
      onChange: (change) => options.onIncident(change),
      ...(options.runSeed === undefined ? {} : { runSeed: options.runSeed }),
    });
    for (const detection of options.detections ?? (registry as readonly AnyDetection[])) this.#start(detection);
  }

  /** Detections that threw and are off now, with what they threw. */
  readonly faults: { readonly detection: string; readonly error: unknown }[] = [];

  /** Takes one event. Never throws on account of a detection. */
  handle(event: SensorEvent): void {
    if (event.atUs >= this.#nextTickUs) this.tick(event.atUs);
    if (event.name === "dns") this.#learnNames(event);
    else if (event.name === "flow") this.#attempts.follow(event, this.#tellAttempt);
    const handlers = this.#handlers.get(event.name);
    if (!handlers) return;
    for (const { running, call } of handlers) {
      if (!running.isOn) continue;
      try {
        call(event, running.state, running.context, running.settings);
      } catch (error) {
        this.#switchOff(running, error);
      }
    }
  }

  /** Lets time pass. `handle` does it too; call it when no packets come. Microseconds of packet time; earlier than before is ignored. */
  tick(nowUs: number): void {
    if (!(nowUs >= this.#nextTickUs)) return;
    this.#nowUs = nowUs;
    this.#nextTickUs = nowUs + TICK_US;
    this.#attempts.expire(nowUs, this.#tellAttempt);
    this.#forEach(({ detection, state, context, settings }) => detection.tick?.(nowUs, state, context, settings));
    this.incidents.tick(nowUs);
  }

  /** The capture is over: what was still being weighed is said. Incidents stay open. */
  finish(nowUs: number): void {
    this.#nowUs = Math.max(this.#nowUs, nowUs);
    const now = this.#nowUs;
    this.#attempts.expire(now, this.#tellAttempt);
    this.#forEach(({ detection, state, context, settings }) => detection.tick?.(now, state, context, settings));
    this.#attempts.expire(Number.MAX_SAFE_INTEGER, this.#tellAttempt);
    this.#forEach(({ detection, state, context, settings }) => detection.finish?.(now, state, context, settings));
  }

  /** Takes a finding of someone else than a registered detection (a signature that maps to a kind). */
  report(source: FindingSource, finding: Finding, alertOf: "alert" | "incident-only" = "incident-only"): void {
    this.#raise(source, finding, alertOf === "alert");
  }

  readonly #tellAttempt = (attempt: Attempt): void =>
    this.#forEach(({ detection, state, context, settings }) => detection.attempt?.(attempt, state, context, settings));

  #start(detection: AnyDetection): void {
    const settings: Settings = { ...detection.defaults, ...this.#options.settings?.[detection.id] };
    const running: Running = {
      detection,
      settings,
      state: detection.state(settings),
      context: this.#context(detection),
      isOn: true,
      faults: 0,
    };
    this.#running.push(running);
    for (const [name, call] of Object.entries(detection.on)) {
      if (call === undefined) continue;
      const list = this.#handlers.get(name as keyof SensorEventMap) ?? [];
      list.push({ running, call: call as Handler["call"] });
      this.#handlers.set(name as keyof SensorEventMap, list);
    }
  }

  #context(detection: AnyDetection): DetectContext {
    const { lookups } = this.#options;
    const isHome = (ip: string): boolean => this.#home.has(ip);
    return {
      isHome,
      isGroup: isGroupAddress,
      direction: (attackerIp, victimIp) => direction(isHome, attackerIp, victimIp),
      gatewayIp: () => lookups.gatewayIp(),
      nameOf: (clientIp, ip) => this.#names.nameOf(clientIp, ip),
      isSanctionedMiner: (ip) => lookups.isSanctionedMiner(ip),
      country: (ip) => lookups.country(ip),
      isKnownAttack: (attackerIp, victimIp) => {
        const atUs = this.#attacks.get(`${attackerIp} ${victimIp}`);
        return atUs !== undefined && this.#nowUs - atUs <= ATTACK_MEMORY_US;
      },
      raise: (finding) => this.#raise(detection, finding, true),
    };
  }

  #raise(source: FindingSource, finding: Finding, withAlert: boolean): void {
    const severity = finding.severity ?? source.severity;
    const kind = finding.kind ?? source.kind;
    const result = this.incidents.add(source, finding);
    if ("suppressedBy" in result) return;
    const { attacker, victim } = finding;
    if (
      finding.direction === "inbound" &&
      severityRank(severity) >= severityRank("medium") &&
      kind !== "exposed_service" &&
      attacker?.ip !== undefined &&
      victim?.ip !== undefined
    )
      this.#attacks.set(`${attacker.ip} ${victim.ip}`, finding.atUs);
    if (!withAlert) return;
    const techniques = source.attack.map((step: { technique: string }) => step.technique);
    this.#options.onAlert({
      atUs: finding.atUs,
      ...(finding.flow ? { flow: finding.flow } : {}),
      gid: DETECTION_GID,
      signatureId: source.signatureId,
      rev: 1,
      signature: signatureText(finding.title),
      category: categoryOf(kind),
      severity: eveSeverity(severity),
      metadata: {
        detection: [source.id],
        kind: [kind],
        incident: [result.incident.id],
        direction: [finding.direction],
        confidence: [finding.confidence.toFixed(2)],
        ...(techniques.length > 0 ? { mitre_technique_id: techniques } : {}),
      },
    });
  }

  #learnNames(event: SensorEvent<"dns">): void {
    const { data, flow, toServer } = event;
    if (!data.isResponse || data.answers.length === 0) return;
    const client = toServer ? flow.serverIp : flow.clientIp;
    for (const answer of data.answers)
      if (answer.type === "A" || answer.type === "AAAA")
        this.#names.learn(client, answer.data, data.name.toLowerCase());
  }

  #forEach(act: (running: Running) => void): void {
    for (const running of this.#running) {
      if (!running.isOn) continue;
      try {
        act(running);
      } catch (error) {
        this.#switchOff(running, error);
      }
    }
  }

  #switchOff(running: Running, error: unknown): void {
    running.isOn = false;
    running.faults++;
    this.faults.push({ detection: running.detection.id, error });
  }
}

/**
 * Who acts on whom, seen from the home. Two outside hosts are seen when the tap stands before the router or the home networks are not
 * configured: neighbours in one /24 or /48 then count as inside, all else as going out.
 */
function direction(isHome: (ip: string) => boolean, attackerIp: string, victimIp: string): Direction {
  const isFromHome = isHome(attackerIp);
  const isToHome = isHome(victimIp) || isGroupAddress(victimIp);
  if (isFromHome) return isToHome ? "lateral" : "outbound";
  if (isToHome) return "inbound";
  return peerNetwork(attackerIp) === peerNetwork(victimIp) ? "lateral" : "outbound";
}

/** The title without the device's name: stable text for EVE. */
function signatureText(title: string): string {
  const text = title.replaceAll("{device}", "").replace(/\s+/g, " ").trim();
  return `LANWARDEN ${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
