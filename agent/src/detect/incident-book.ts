import type { Incident, Party } from "@lanwarden/contract/incident";
import type { IncidentKind } from "@lanwarden/contract/kinds";
import { severityRank } from "@lanwarden/contract/kinds";
import { MICROS } from "../core/clock.ts";
import { isoTime, parseTimeUs } from "../core/time-text.ts";
import type { AnyDetection, DetectLookups, Finding, IncidentChange } from "./define.ts";
import { partyText, peerGroup, sameParty, stableId, subjectOf } from "./incident-key.ts";
import { type BookSnapshot, isSnapshot } from "./incident-snapshot.ts";
import { incidentView, namedParty, needsEyes } from "./incident-view.ts";
import { type NormalRule, NormalRules, ruleMatches } from "./normal-rules.ts";

/** What the book must know of whoever found something: a detection, or a signature that maps to a kind. */
export type FindingSource = Pick<
  AnyDetection,
  "id" | "kind" | "severity" | "attack" | "advice" | "quietSeconds" | "signatureId"
>;

export interface IncidentBookOptions {
  readonly lookups: DetectLookups;
  isHome(ip: string): boolean;
  onChange(change: IncidentChange): void;
  /** Mixed into the ids, so that two runs over the same packets can be told apart. */
  readonly runSeed?: string;
}

interface Entry {
  readonly incident: Incident;
  readonly key: string;
  readonly who: string;
  readonly group: string;
  titleTemplate: string;
  quietSeconds: number;
  lastUs: number;
  toldUs: number;
  readonly whys: Map<string, readonly string[]>;
}

const MAX_OPEN = 500;
/** Resolved ones kept so that a return within a day reopens them. */
const MAX_RESOLVED = 500;
const MAX_FLOW_IDS = 32;
const MAX_WHY = 8;
const MAX_FIELDS = 24;
const MAX_ADVICE = 8;
const DRILL: Omit<FindingSource, "id" | "kind"> = {
  severity: "medium",
  attack: [],
  advice: ["Nothing to do: this incident ends by itself."],
  quietSeconds: 600,
  signatureId: 7700000,
};
const UPDATE_PAUSE_US = 60 * MICROS;
const REOPEN_US = 86_400 * MICROS;

export type AddResult = { readonly incident: Incident; readonly isNew: boolean } | { readonly suppressedBy: string };

/**
 * Groups findings into incidents by kind, device, direction, role and peer group, and keeps their life: opened, escalated, updated,
 * acknowledged, resolved, reopened. All times are packet time. Every table is capped.
 */
export class IncidentBook {
  /** In order of last use: the first is the one to drop. */
  readonly #entries = new Map<string, Entry>();
  readonly #byId = new Map<string, Entry>();
  readonly #rules = new NormalRules();
  readonly #options: IncidentBookOptions;
  #nowUs = 0;
  /** Findings that a rule kept quiet. */
  suppressed = 0;
  /** Incidents dropped because the book was full. */
  dropped = 0;

  constructor(options: IncidentBookOptions) {
    this.#options = options;
  }

  /** Takes a finding in: opens, joins or reopens an incident, or keeps quiet because the user called it normal. */
  add(source: FindingSource, finding: Finding): AddResult {
    this.#nowUs = Math.max(this.#nowUs, finding.atUs);
    const kind = finding.kind ?? source.kind;
    const subject = subjectOf(finding);
    const device = (subject && this.#options.lookups.deviceIdOf(subject)) ?? null;
    const who = device ?? partyText(subject) ?? "*";
    const peer = sameParty(subject, finding.attacker) ? finding.victim : finding.attacker;
    const group = finding.group ?? peerGroup(peer, this.#options.isHome);
    const rule = this.#rules.find(who, kind, group, finding.fields);
    if (rule) {
      this.suppressed++;
      return { suppressedBy: rule.id };
    }
    const key = [kind, who, finding.direction, finding.role ?? "", group].join("|");
    const known = this.#entries.get(key);
    if (known && (known.incident.status !== "resolved" || finding.atUs - known.lastUs <= REOPEN_US)) {
      this.#join(known, source, finding);
      return { incident: this.#view(known), isNew: false };
    }
    if (known) this.#remove(known);
    const entry = this.#open(key, who, group, device, source, finding);
    return { incident: this.#view(entry), isNew: true };
  }

  /** Resolves what has been quiet for long enough. Call about once a second of packet time. */
  tick(nowUs: number): void {
    this.#nowUs = Math.max(this.#nowUs, nowUs);
    for (const entry of this.#entries.values()) {
      if (entry.incident.status === "resolved" || needsEyes(entry.incident)) continue;
      if (this.#nowUs - entry.lastUs >= entry.quietSeconds * MICROS) this.#resolve(entry);
    }
  }

  get(id: string): Incident | undefined {
    const entry = this.#byId.get(id);
    return entry && this.#view(entry);
  }

  /** All incidents, by first seen. */
  list(): Incident[] {
    return [...this.#entries.values()]
      .map((entry) => this.#view(entry))
      .sort((a, b) => (a.first_seen < b.first_seen ? -1 : a.first_seen > b.first_seen ? 1 : a.id < b.id ? -1 : 1));
  }

  /** The incidents of these devices, by device. */
  ofDevices(ids: ReadonlySet<string>): Map<string, Incident[]> {
    const found = new Map<string, Incident[]>();
    for (const entry of this.#entries.values()) {
      const { device } = entry.incident;
      if (device === null || !ids.has(device)) continue;
      const own = found.get(device) ?? [];
      own.push(this.#view(entry));
      found.set(device, own);
    }
    return found;
  }

  /** The user has seen it. Undefined if there is no such incident; what is not open stays as it is. */
  acknowledge(id: string): Incident | undefined {
    const entry = this.#byId.get(id);
    if (!entry) return undefined;
    if (entry.incident.status === "open") {
      entry.incident.status = "acknowledged";
      this.#tell(entry, "acknowledged");
    }
    return this.#view(entry);
  }

  /** Opens a drill: an incident that goes the way of all incidents but never leads to an act and ends after ten minutes. */
  drill(kind: IncidentKind, device: string, name: string, atUs: number): Incident {
    const source = { ...DRILL, id: `drill.${kind.replaceAll("_", "-")}`, kind };
    const finding: Finding = {
      confidence: 1,
      attacker: null,
      victim: null,
      direction: "lateral",
      title: `Drill: pretended ${kind.replaceAll("_", " ")} on ${name}`,
      why: ["This is a test that a person started. Nothing was seen."],
      atUs,
    };
    this.#nowUs = Math.max(this.#nowUs, atUs);
    const key = `drill|${kind}|${device}`;
    const known = this.#entries.get(key);
    if (known) this.#remove(known);
    return this.#view(this.#open(key, device, "drill", device, source, finding, true));
  }

  /** Writes down what the response to an incident has come to. False if there is no such incident. */
  setResponse(id: string, response: Incident["response"]): boolean {
    const entry = this.#byId.get(id);
    if (!entry) return false;
    entry.incident.response = { ...response };
    this.#tell(entry, "updated");
    return true;
  }

  /**
   * "That's normal for it": resolves the incident at once and keeps findings of the same device, kind and peer quiet from now on
   * (with `field`: only those whose field has the value that it has in this incident). Undefined if there is no such incident.
   */
  markNormal(id: string, by: string, field?: string): NormalRule | undefined {
    const entry = this.#byId.get(id);
    if (!entry) return undefined;
    const { incident } = entry;
    const value = field === undefined ? undefined : incident.evidence.fields[field];
    const rule: NormalRule = {
      id: stableId("rule", entry.who, incident.kind, entry.group, field ?? "", String(value ?? "")),
      device: entry.who,
      kind: incident.kind,
      peer: entry.group,
      ...(field !== undefined && value !== undefined ? { field: { name: field, value } } : {}),
      by,
      created: isoTime(this.#nowUs),
      title: this.#view(entry).title,
    };
    this.#rules.add(rule);
    for (const other of this.#entries.values()) {
      if (other.incident.status === "resolved") continue;
      if (ruleMatches(rule, other.who, other.incident.kind, other.group, other.incident.evidence.fields))
        this.#resolve(other);
    }
    return rule;
  }

  /** Takes a rule back: the next such finding is told again. */
  undoNormal(ruleId: string): boolean {
    return this.#rules.remove(ruleId);
  }

  normalRules(): NormalRule[] {
    return this.#rules.list();
  }

  snapshot(): BookSnapshot {
    return {
      entries: [...this.#entries.values()].map((entry) => ({
        incident: this.#view(entry),
        key: entry.key,
        who: entry.who,
        group: entry.group,
        titleTemplate: entry.titleTemplate,
        quietSeconds: entry.quietSeconds,
        whys: [...entry.whys],
      })),
      rules: this.normalRules(),
    };
  }

  /** Replaces the contents by what {@link snapshot} made. Says nothing to anyone; what has another shape is ignored. */
  restore(saved: unknown): void {
    if (!isSnapshot(saved)) return;
    const snapshot = saved;
    this.#entries.clear();
    this.#byId.clear();
    for (const entrySaved of snapshot.entries.slice(-(MAX_OPEN + MAX_RESOLVED))) {
      const lastUs = parseTimeUs(entrySaved.incident.last_seen);
      const { whys, ...rest } = entrySaved;
      const entry: Entry = {
        ...rest,
        incident: structuredClone(entrySaved.incident),
        lastUs,
        toldUs: lastUs,
        whys: new Map(whys),
      };
      this.#entries.set(entry.key, entry);
      this.#byId.set(entry.incident.id, entry);
      this.#nowUs = Math.max(this.#nowUs, lastUs);
    }
    this.#rules.replace(snapshot.rules);
  }

  #open(
    key: string,
    who: string,
    group: string,
    device: string | null,
    source: FindingSource,
    finding: Finding,
    isDrill = false,
  ): Entry {
    const kind = finding.kind ?? source.kind;
    const entry: Entry = {
      incident: {
        id: stableId(
          kind,
          who,
          finding.direction,
          finding.role ?? "",
          group,
          finding.atUs,
          this.#options.runSeed ?? "",
        ),
        kind,
        detection: source.id,
        title: finding.title,
        severity: finding.severity ?? source.severity,
        confidence: clampConfidence(finding.confidence),
        direction: finding.direction,
        ...(finding.role === undefined ? {} : { role: finding.role }),
        attacker: this.#party(finding.attacker),
        victim: this.#party(finding.victim),
        device,
        first_seen: isoTime(finding.atUs),
        last_seen: isoTime(finding.atUs),
        count: 1,
        status: "open",
        why: [],
        advice: [...(finding.advice ?? source.advice)].slice(0, MAX_ADVICE),
        attack: source.attack.map(({ tactic, technique }) => ({ tactic, technique })),
        evidence: { flow_ids: [], fields: {} },
        response: { wanted: "none", state: "none" },
        ...(isDrill ? { test: true } : {}),
      },
      key,
      who,
      group,
      titleTemplate: finding.title,
      quietSeconds: source.quietSeconds,
      lastUs: finding.atUs,
      toldUs: finding.atUs,
      whys: new Map(),
    };
    this.#takeEvidence(entry, source, finding);
    this.#makeRoom();
    this.#entries.set(key, entry);
    this.#byId.set(entry.incident.id, entry);
    this.#tell(entry, "opened");
    return entry;
  }

  #join(entry: Entry, source: FindingSource, finding: Finding): void {
    const { incident } = entry;
    const severity = finding.severity ?? source.severity;
    const isWorse = severityRank(severity) > severityRank(incident.severity);
    const isBack = incident.status === "resolved";
    incident.count++;
    entry.lastUs = Math.max(entry.lastUs, finding.atUs);
    incident.last_seen = isoTime(entry.lastUs);
    incident.confidence = Math.max(incident.confidence, clampConfidence(finding.confidence));
    if (isWorse) {
      incident.severity = severity;
      incident.attacker = this.#party(finding.attacker);
      incident.victim = this.#party(finding.victim);
      incident.advice = [...(finding.advice ?? source.advice)].slice(0, MAX_ADVICE);
    }
    // The newest title has the newest numbers, but a milder finding must not talk the incident down.
    if (severityRank(severity) >= severityRank(incident.severity)) entry.titleTemplate = finding.title;
    entry.quietSeconds = Math.max(entry.quietSeconds, source.quietSeconds);
    this.#takeEvidence(entry, source, finding);
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
    if (isBack) {
      incident.status = "open";
      this.#tell(entry, "reopened");
    } else if (isWorse) {
      incident.status = "open";
      this.#tell(entry, "escalated");
    } else if (finding.atUs - entry.toldUs >= UPDATE_PAUSE_US) this.#tell(entry, "updated");
  }

  #takeEvidence(entry: Entry, source: FindingSource, finding: Finding): void {
    const { evidence, confidence } = entry.incident;
    // Weaker reasons do not replace stronger ones: a miner that logs in again has not handed in less.
    if (finding.confidence >= confidence || !entry.whys.has(source.id)) {
      entry.whys.set(source.id, finding.why.slice(0, MAX_WHY));
      entry.incident.why = [...new Set([...entry.whys.values()].flat())].slice(0, MAX_WHY);
      for (const [name, value] of Object.entries(finding.fields ?? {}))
        if (name in evidence.fields || Object.keys(evidence.fields).length < MAX_FIELDS) evidence.fields[name] = value;
    }
    for (const id of [...(finding.flow ? [finding.flow.id] : []), ...(finding.flowIds ?? [])]) {
      if (id === 0 || evidence.flow_ids.includes(id)) continue;
      if (evidence.flow_ids.length >= MAX_FLOW_IDS) break;
      evidence.flow_ids.push(id);
    }
  }

  #resolve(entry: Entry): void {
    entry.incident.status = "resolved";
    this.#tell(entry, "resolved");
  }

  #tell(entry: Entry, change: IncidentChange["change"]): void {
    entry.toldUs = this.#nowUs;
    this.#options.onChange({ incident: this.#view(entry), change });
  }

  /** Drops the oldest resolved one when there are too many, and the one longest quiet when too many are open. */
  #makeRoom(): void {
    let open = 0;
    let oldestOpen: Entry | undefined;
    let oldestResolved: Entry | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.incident.status === "resolved") oldestResolved ??= entry;
      else {
        open++;
        oldestOpen ??= entry;
      }
    }
    const resolved = this.#entries.size - open;
    if (resolved >= MAX_RESOLVED && oldestResolved) this.#remove(oldestResolved);
    if (open >= MAX_OPEN && oldestOpen) {
      this.dropped++;
      this.#resolve(oldestOpen);
      this.#remove(oldestOpen);
    }
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#byId.delete(entry.incident.id);
  }

  #party(party: Party | null): Party | null {
    return party && namedParty(party, this.#options.lookups, this.#options.isHome);
  }

  #view(entry: Entry): Incident {
    return incidentView(entry, this.#options.lookups);
  }
}

const clampConfidence = (confidence: number): number => (confidence > 0 ? Math.min(1, confidence) : 0);
