import { randomUUID } from "node:crypto";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type {
  BackendInfo,
  IsolationAnswer,
  IsolationRequest,
  IsolationRow,
  IsolationState,
} from "@lanwarden/contract/isolation";
import { sanitizeText } from "../core/sanitize.ts";
import { IsolationBook } from "./book.ts";
import { Enforcer } from "./enforcer.ts";
import { notReady, refusalOf, type Wish } from "./guard.ts";
import { IncidentDesk } from "./incident-desk.ts";
import { type IsolationRecord, levelOf, listRow } from "./record.ts";
import type { ResponderOptions, TapSight } from "./responder-options.ts";
import { rememberedDevice, targetOf } from "./target.ts";
import { NOT_ISOLATED, noEffect, stateOf } from "./telling.ts";
import { Verifier } from "./verifier.ts";

/** Longest isolation that may be asked for in seconds; longer ones are for ever, by null. */
const MAX_SECONDS = 366 * 86_400;
const MAX_REASON = 200;
/** Reports come four times a second; after this without one the tap shows nothing. */
const TAP_STALE_MS = 2000;
/** The router's own time to end what runs at the close. */
const CLOSE_LIMIT_MS = 3000;

/** Shuts devices off and lets them in again: policy, guard, journal, back-end, verify. One for the whole agent. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #book: IsolationBook;
  readonly #enforcer: Enforcer;
  readonly #desk: IncidentDesk;
  readonly #verifiers = new Map<string, Verifier>();
  readonly #told = new Map<string, string>();
  #sights = new Map<string, TapSight>();
  #tapSeenMs = Number.NEGATIVE_INFINITY;
  #watched = "[]";
  #started: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: ResponderOptions) {
    this.#options = options;
    const { hooks, backends } = options;
    const nowMs = (): number => options.nowMs();
    this.#book = new IsolationBook(options.journal, nowMs, hooks.warn);
    this.#enforcer = new Enforcer({
      backends,
      book: this.#book,
      nowMs,
      target: (record) => targetOf(this.#deviceOf(record)),
      protectedReason: (record) => options.protectedReason(this.#deviceOf(record)),
      applied: (device) => this.#verifierOf(device)?.applied(nowMs()),
      changed: (device) => this.#tell(device),
      confirmed: ({ device, isVerified }) => this.#verifierOf(device)?.confirmed(nowMs(), isVerified),
      warn: hooks.warn,
    });
    this.#desk = new IncidentDesk({
      policy: options.policy,
      backends,
      hooks,
      nowMs,
      mode: () => options.mode(),
      device: (id) => options.device(id),
      incident: (id) => options.incident(id),
      isolate: (device, incident, forSeconds, because) =>
        this.#ask({ device, incident, isAutomatic: true }, { forSeconds, reason: because, by: "policy" }),
    });
  }

  /**
   * Reads journal and routers and brings the two together, whatever the last run left behind. Comes before anything else; requests that are made
   * meanwhile wait for it. Throws when the journal cannot be read.
   */
  start(): Promise<void> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  async #begin(): Promise<void> {
    this.#book.load();
    this.#watch();
    this.#endWhatIsDue();
    await this.#enforcer.start();
    for (const record of this.#book.live()) this.#tell(record.device);
    this.#desk.catchUp(this.#book.all());
  }

  /** A person asks. Settles once it is written down, or refused; rejects when the journal cannot be written. */
  async request(deviceId: string, request: IsolationRequest): Promise<IsolationAnswer> {
    await this.#started;
    const device = this.#options.device(deviceId);
    if (device === undefined) {
      return {
        accepted: false,
        code: "unknown_device",
        detail: `No device is known as "${sanitizeText(deviceId, 64)}".`,
      };
    }
    const incident = request.incident === undefined ? undefined : this.#options.incident(request.incident);
    return this.#ask(
      { device, incident, isAutomatic: false },
      {
        forSeconds: request.for_seconds,
        reason: sanitizeText(request.reason ?? "", MAX_REASON),
        by: sanitizeText(request.by ?? "api", 32),
      },
    );
  }

  async #ask(
    wish: Wish,
    asked: { forSeconds: number | null | undefined; reason: string; by: string },
  ): Promise<IsolationAnswer> {
    const { device } = wish;
    if (this.#isClosed) return { accepted: false, code: "no_backend", detail: "Lanwarden is ending." };
    const refused = this.#refusal(wish) ?? (await this.#notReady(device));
    if (refused !== undefined) return refused;
    // Asked again: much may have happened while the back-ends were asked whether they are ready.
    const late = this.#refusal({ ...wish, device: this.#options.device(device.id) ?? device });
    if (late !== undefined) return late;
    this.#write(wish, asked);
    this.#watch();
    this.#enforcer.kick(device.id);
    this.#tell(device.id);
    return { accepted: true };
  }

  /** For what is isolated already only the time changes: no back-end need be there for that. */
  async #notReady(device: Device): Promise<IsolationAnswer | undefined> {
    return this.#book.of(device.id)?.isWanted === true ? undefined : notReady(device, this.#options.backends);
  }

  #refusal(wish: Wish): IsolationAnswer | undefined {
    const { backends, maxIsolated } = this.#options;
    return refusalOf(wish, {
      book: this.#book,
      backends,
      mode: this.#options.mode(),
      maxIsolated,
      nowMs: this.#options.nowMs(),
      protectedReason: this.#options.protectedReason(wish.device),
    });
  }

  #write(wish: Wish, asked: { forSeconds: number | null | undefined; reason: string; by: string }): void {
    const { device, incident, isAutomatic } = wish;
    const live = this.#book.of(device.id);
    const untilMs = this.#untilMs(asked.forSeconds);
    if (live?.isWanted === true && isAutomatic && incident !== undefined) {
      if (live.incidents.includes(incident.id)) return;
      // What a person chose is never shortened by the policy.
      const longer = live.untilMs === null || untilMs === null ? null : Math.max(live.untilMs, untilMs);
      this.#book.write(live.id, { step: "answers", incident: incident.id, untilMs: longer });
      return;
    }
    const { mac, ips, name } = targetOf(device);
    this.#book.write(live?.id ?? randomUUID(), {
      step: "requested",
      device: device.id,
      name,
      mac,
      ips,
      by: asked.by,
      reason: asked.reason,
      incident: incident?.id ?? null,
      untilMs,
    });
  }

  #untilMs(forSeconds: number | null | undefined): number | null {
    if (forSeconds === null) return null;
    const seconds = Number.isFinite(forSeconds) ? Number(forSeconds) : this.#options.releaseAfterSeconds;
    return this.#options.nowMs() + Math.min(Math.max(seconds, 1), MAX_SECONDS) * 1000;
  }

  /** A person lets the device in again. What is not isolated is released already. */
  async release(deviceId: string, by: string): Promise<IsolationAnswer> {
    await this.#started;
    this.#end(deviceId, sanitizeText(by, 32), true);
    return { accepted: true };
  }

  async releaseAll(by: string): Promise<void> {
    await this.#started;
    for (const { device } of this.#book.live()) this.#end(device, sanitizeText(by, 32), true);
  }

  #end(deviceId: string, by: string, isPerson: boolean): void {
    const record = this.#book.of(deviceId);
    if (this.#isClosed || record === undefined || (!record.isWanted && !(isPerson && !record.isReleasedByPerson)))
      return;
    this.#book.note(record.id, { step: "releasing", by, isPerson });
    this.#enforcer.kick(deviceId);
    this.#tell(deviceId);
  }

  /** What is over its time ends, and at once what must not be isolated. */
  #endWhatIsDue(): void {
    const nowMs = this.#options.nowMs();
    for (const record of this.#book.live()) {
      if (!record.isWanted) continue;
      const reason = this.#options.protectedReason(this.#deviceOf(record));
      if (reason !== undefined) {
        this.#options.hooks.warn(`${record.name} is let in again: it is never isolated, since ${reason}`);
        this.#end(record.device, "guard", false);
      } else if (record.untilMs !== null && nowMs >= record.untilMs) {
        this.#options.hooks.info(`${record.name} is let in again: its time is over`);
        this.#end(record.device, "timer", false);
      }
    }
  }

  /** An incident opened or changed: the policy decides. */
  onIncident(_change: string, incident: Incident): void {
    if (this.#started === undefined || this.#isClosed) return;
    void this.#started.then(() => this.#desk.onIncident(incident));
  }

  /** A device changed: an isolated one is shut off under its new addresses too, or let in again if it must not be. */
  onDevice(device: Device): void {
    if (this.#book.of(device.id) === undefined || this.#isClosed) return;
    this.#endWhatIsDue();
    this.#watch();
    this.#enforcer.look(device.id);
  }

  /** What the tap saw of the watched devices; about four times a second while any is watched. */
  tapReport(report: readonly TapSight[], tapIsLive: boolean): void {
    this.#sights = new Map(report.map((sight) => [sight.device, sight]));
    this.#tapSeenMs = tapIsLive ? this.#options.nowMs() : Number.NEGATIVE_INFINITY;
    this.#look();
  }

  /** Four times a second: deadlines, releases by time, tries again. */
  tick(): void {
    if (this.#isClosed) return;
    this.#endWhatIsDue();
    try {
      this.#book.settleDebts();
    } catch {
      // Said when it was first owed.
    }
    this.#enforcer.tick();
    this.#look();
  }

  get #isTapLive(): boolean {
    return this.#options.nowMs() - this.#tapSeenMs < TAP_STALE_MS;
  }

  #look(): void {
    const nowMs = this.#options.nowMs();
    for (const record of this.#book.live()) {
      const verifier = this.#verifiers.get(record.id);
      if (verifier === undefined || !record.isWanted) continue;
      const verdict = verifier.look(this.#sights.get(record.device), this.#isTapLive, nowMs);
      if (verdict === "retry") void this.#retry(record, verifier);
      else if (verdict === "no_effect") this.#tookNoEffect(record);
      else if (verdict === "changed" && verifier.proof !== "none")
        this.#book.note(record.id, { step: "verified", proof: verifier.proof });
      this.#tell(record.device);
    }
  }

  /** Packets go on: before it is said, everything is applied anew, with the addresses of now. */
  async #retry(record: IsolationRecord, verifier: Verifier): Promise<void> {
    this.#options.hooks.info(`${record.name}: packets still reach it; its isolation is applied once more`);
    await this.#enforcer.reapply(record.device);
    verifier.retryFailed();
  }

  #tookNoEffect(record: IsolationRecord): void {
    const detail = noEffect(record);
    this.#book.note(record.id, { step: "failed", backend: null, detail });
    this.#options.hooks.tookNoEffect(this.#deviceOf(record), detail);
  }

  state(deviceId: string): IsolationState {
    const record = this.#book.of(deviceId);
    const verifier = this.#verifierOf(deviceId);
    if (record === undefined || verifier === undefined) return { ...NOT_ISOLATED };
    return stateOf(record, verifier, this.#enforcer.problems(deviceId), !this.#isTapLive);
  }

  /** All isolations that are remembered, newest first. */
  rows(): IsolationRow[] {
    return this.#book.all().map((record) => {
      if (record.releasedMs !== null) return listRow(record, "no", record.detail);
      const { state, detail } = this.state(record.device);
      return listRow(record, state, detail ?? null);
    });
  }

  backends(): Promise<BackendInfo[]> {
    return Promise.all(
      this.#options.backends.map(async (backend): Promise<BackendInfo> => {
        const detail = await backend.notReady().catch((error: Error) => error.message);
        const isolated = this.#book.live().filter(({ holds }) => holds.get(backend.name)?.state === "applied");
        const { type, name, level } = backend;
        return {
          type,
          name,
          level,
          ready: detail === undefined,
          detail: detail ?? null,
          isolated: isolated.map(({ device }) => device),
        };
      }),
    );
  }

  /** Ends. Nothing is let in again: an isolation outlives a restart. */
  async close(): Promise<void> {
    this.#isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((done) => {
      timer = setTimeout(done, CLOSE_LIMIT_MS);
    });
    await Promise.race([this.#enforcer.close(), limit]);
    clearTimeout(timer);
    await Promise.allSettled(this.#options.backends.map((backend) => backend.close()));
  }

  #deviceOf(record: IsolationRecord): Device {
    return this.#options.device(record.device) ?? rememberedDevice(record);
  }

  #verifierOf(deviceId: string): Verifier | undefined {
    const record = this.#book.of(deviceId);
    if (record === undefined) return undefined;
    const known = this.#verifiers.get(record.id);
    if (known !== undefined) return known;
    const verifier = new Verifier();
    this.#verifiers.set(record.id, verifier);
    return verifier;
  }

  /** Tells what changed of a device's isolation, once. */
  #tell(deviceId: string): void {
    if (this.#isClosed) return;
    const record = this.#book.of(deviceId);
    const last = this.#book.lastOf(deviceId);
    if (last === undefined) return;
    if (record !== undefined && levelOf(record, "applied") === null) this.#verifierOf(deviceId)?.lost();
    const state = this.state(deviceId);
    const text = JSON.stringify([last.id, last.incidents, state]);
    if (this.#told.get(deviceId) === text) return;
    this.#told.set(deviceId, text);
    if (record === undefined) this.#verifiers.delete(last.id);
    this.#watch();
    this.#options.hooks.changed(deviceId, last.incidents[0]);
    this.#desk.isolationChanged(last, state.state);
  }

  #watch(): void {
    const targets = this.#book.live().map((record) => {
      const { device, mac, ips } = targetOf(this.#deviceOf(record));
      const level = levelOf(record, "applied", "applying") ?? this.#options.backends[0]?.level ?? "wan";
      return { device, mac, ips, level };
    });
    const text = JSON.stringify(targets);
    if (text === this.#watched) return;
    this.#watched = text;
    this.#options.watch(targets);
  }
}
