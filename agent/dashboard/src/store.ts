import type {
  ApplicationRow,
  DevicePatch,
  FlowRow,
  HistoryPoint,
  NormalRule,
  Page,
  Scope,
} from "@lanwarden/contract/api";
import { SCOPES } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { BackendInfo, IsolationRequest, IsolationRow } from "@lanwarden/contract/isolation";
import type { GuardMode, IncidentKind } from "@lanwarden/contract/kinds";
import type { MatterState } from "@lanwarden/contract/matter";
import type { HubState } from "@lanwarden/contract/status";
import { Api, ApiError, errorText } from "./api.ts";
import { EventStream } from "./event-stream.ts";
import { type Action, initialState, type PageState, reduce, streamAction } from "./state.ts";

const TOAST_MS = 8000;
const AGAIN_MS = 3000;
const INCIDENTS_AT_ONCE = 200;
/** The stream stands within some milliseconds; a proxy that holds it back must not keep the page empty. */
const LISTEN_MS = 1000;
/** Events that wait while the home is loaded; that takes a moment, and an agent tells some a second. */
const MAX_HELD = 1000;

const MODE_SET: Readonly<Record<GuardMode, string>> = {
  monitor: "From now on Lanwarden only watches.",
  ask: "From now on Lanwarden shuts a device off when you say so.",
  protect: "From now on Lanwarden shuts dangerous devices off by itself.",
};

/** Holds the page's state, fills it from the API and the event stream, and does what buttons ask for. */
export class Store extends EventTarget {
  readonly #api = new Api();
  readonly #stream: EventStream;
  #state: PageState = initialState;
  #toastId = 0;
  /** Settles when the stream stands for the first time. */
  readonly #listening: Promise<void>;
  #hasLoaded = false;
  /** What happens while the home is loaded: newer than the answers, so it comes after them. */
  #held: Action[] | undefined;

  constructor() {
    super();
    let isListening = (): void => undefined;
    this.#listening = new Promise((resolve) => {
      isListening = resolve;
    });
    this.#stream = new EventStream({
      message: (name, data) => {
        const action = streamAction(name, data);
        if (this.#held === undefined || this.#held.length >= MAX_HELD) this.#dispatch(action);
        else this.#held.push(action);
      },
      up: (isAgain) => {
        this.#dispatch({ type: "connection", connection: "live", nowMs: Date.now() });
        isListening();
        if (isAgain || this.#hasLoaded) void this.#loadHome();
      },
      down: () => this.#dispatch({ type: "connection", connection: "lost", nowMs: Date.now() }),
      refused: () => this.#checkSession(),
    });
  }

  get state(): PageState {
    return this.#state;
  }

  #dispatch(action: Action): void {
    this.#state = reduce(this.#state, action);
    this.dispatchEvent(new Event("change"));
  }

  /** Asks who is logged in, loads the home and listens. Tries again until the agent answers. */
  async start(): Promise<void> {
    try {
      const session = await this.#api.session();
      this.#dispatch({ type: "session", session });
      if (session !== null) await this.#begin();
    } catch {
      this.#dispatch({ type: "connection", connection: "lost", nowMs: Date.now() });
      setTimeout(() => void this.start(), AGAIN_MS);
    }
  }

  /** Listens first: what changes between the answers and the first event would be missed. */
  async #begin(): Promise<void> {
    this.#stream.open();
    await Promise.race([this.#listening, new Promise((resolve) => setTimeout(resolve, LISTEN_MS))]);
    await this.#loadHome();
  }

  /** Loads what is current, again and again until the agent gives it. */
  async #loadHome(): Promise<void> {
    this.#held ??= [];
    try {
      await this.#readHome();
      this.#hasLoaded = true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#checkSession();
      setTimeout(() => this.#state.session && void this.#loadHome(), AGAIN_MS);
    } finally {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const action of held) this.#dispatch(action);
    }
  }

  async #readHome(): Promise<void> {
    const [status, devices, incidents, normal] = await Promise.all([
      this.#api.get<HubState>("status"),
      this.#api.get<Page<Device>>("devices"),
      this.#api.get<Page<Incident>>(`incidents?limit=${INCIDENTS_AT_ONCE}`),
      this.#api.get<Page<NormalRule>>("normal"),
    ]);
    this.#dispatch({ type: "status", status });
    this.#dispatch({ type: "devices", devices: devices.items });
    this.#dispatch({ type: "incidents", incidents: incidents.items, next: incidents.next, isOlder: false });
    this.#dispatch({ type: "normal", rules: normal.items });
    await this.loadBackends();
  }

  /** The sample home gives a session to whoever opens the page, so that is tried before the log-in is asked for. */
  async #checkSession(): Promise<void> {
    try {
      let session = await this.#api.session();
      if (session === null && this.#state.status?.demo === true) {
        await fetch("./", { cache: "no-store" });
        session = await this.#api.session();
      }
      if (session === null) this.#stream.close();
      this.#dispatch({ type: "session", session });
    } catch {
      // No answer at all: the stream keeps trying.
    }
  }

  async logIn(token: string): Promise<string | undefined> {
    try {
      const session = await this.#api.logIn(token);
      this.#dispatch({ type: "session", session });
      await this.#begin();
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  async logOut(): Promise<void> {
    await this.#tolerant(() => this.#api.logOut());
    this.#stream.close();
    this.#dispatch({ type: "session", session: null });
  }

  /** True if the session may do what the scope names. */
  may(scope: Scope): boolean {
    const session = this.#state.session;
    return session ? SCOPES.indexOf(session.scope) >= SCOPES.indexOf(scope) : false;
  }

  loadHistory(hours: number): Promise<void> {
    return this.#tolerant(async () => {
      const page = await this.#api.get<Page<HistoryPoint>>(`history?hours=${hours}`);
      this.#dispatch({ type: "history", points: page.items });
    });
  }

  loadTraffic(): Promise<void> {
    return this.#tolerant(async () => {
      const [applications, flows] = await Promise.all([
        this.#api.get<Page<ApplicationRow>>("applications"),
        this.#api.get<Page<FlowRow>>("flows?limit=100"),
      ]);
      this.#dispatch({ type: "applications", rows: applications.items });
      this.#dispatch({ type: "flows", rows: flows.items });
    });
  }

  /** Flows of one device, newest first; empty when they cannot be had. */
  async flowsOf(device: string): Promise<FlowRow[]> {
    try {
      return (await this.#api.get<Page<FlowRow>>(`flows?limit=30&device=${encodeURIComponent(device)}`)).items;
    } catch {
      return [];
    }
  }

  loadOlderIncidents(): Promise<void> {
    const cursor = this.#state.olderIncidents;
    if (cursor === null) return Promise.resolve();
    return this.#tolerant(async () => {
      const page = await this.#api.get<Page<Incident>>(
        `incidents?limit=${INCIDENTS_AT_ONCE}&cursor=${encodeURIComponent(cursor)}`,
      );
      this.#dispatch({ type: "incidents", incidents: page.items, next: page.next, isOlder: true });
    });
  }

  /** One that the list does not hold: an old link. */
  loadIncident(id: string): Promise<void> {
    return this.#tolerant(async () => this.#refreshIncident(id));
  }

  async #refreshIncident(id: string): Promise<void> {
    this.#dispatch({
      type: "incident",
      incident: await this.#api.get<Incident>(`incidents/${encodeURIComponent(id)}`),
    });
  }

  acknowledge(id: string): Promise<void> {
    return this.#tolerant(async () => {
      const incident = await this.#api.send<Incident>("POST", `incidents/${encodeURIComponent(id)}/acknowledge`);
      this.#dispatch({ type: "incident", incident });
      this.#toast({ text: "Seen. You hear of it again only if it gets worse." });
    });
  }

  markNormal(id: string): Promise<void> {
    return this.#tolerant(async () => {
      const rule = await this.#api.send<NormalRule>("POST", `incidents/${encodeURIComponent(id)}/normal`);
      this.#toast({ text: "Noted as normal. It is not told again.", undoRule: rule.id });
      this.#dispatch({ type: "normal", rules: [rule, ...(this.#state.normal ?? []).filter((r) => r.id !== rule.id)] });
      await this.#refreshIncident(id);
    });
  }

  undoNormal(ruleId: string): Promise<void> {
    return this.#tolerant(async () => {
      await this.#api.send("DELETE", `normal/${encodeURIComponent(ruleId)}`);
      this.#dispatch({ type: "normal", rules: (this.#state.normal ?? []).filter(({ id }) => id !== ruleId) });
      this.#toast({ text: "Taken back. When it happens again, you are told." });
    });
  }

  patchDevice(id: string, patch: DevicePatch, done: string): Promise<void> {
    return this.#tolerant(async () => {
      const device = await this.#api.send<Device>("PATCH", `devices/${encodeURIComponent(id)}`, patch);
      this.#dispatch({ type: "device", device });
      this.#toast({ text: done });
    });
  }

  /** What can shut a device off. An agent that knows no such thing has none. */
  async loadBackends(): Promise<void> {
    const page = await this.#orNone<Page<BackendInfo>>("backends");
    if (page !== undefined) this.#dispatch({ type: "backends", backends: page?.items ?? [] });
  }

  async loadIsolations(): Promise<void> {
    const page = await this.#orNone<Page<IsolationRow>>("isolations");
    if (page !== undefined) this.#dispatch({ type: "isolations", rows: page?.items ?? [] });
  }

  async loadMatter(): Promise<void> {
    const matter = await this.#orNone<MatterState>("matter");
    if (matter !== undefined) this.#dispatch({ type: "matter", matter: matter?.enabled === true ? matter : null });
  }

  /** An answer; null where the agent has no such thing; undefined where it could not be had, which the ribbon tells of. */
  async #orNone<Answer>(path: string): Promise<Answer | null | undefined> {
    try {
      return await this.#api.get<Answer>(path);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) await this.#checkSession();
      return error.status === 404 ? null : undefined;
    }
  }

  /** Asks for a device to be shut off. Gives the agent's words when it refuses. */
  isolate(id: string, request: IsolationRequest): Promise<string | undefined> {
    return this.#changeDevice("PUT", `devices/${encodeURIComponent(id)}/isolation`, request);
  }

  /** Lets a device back in. Gives the agent's words when it refuses. */
  release(id: string): Promise<string | undefined> {
    return this.#changeDevice("DELETE", `devices/${encodeURIComponent(id)}/isolation`);
  }

  async #changeDevice(method: "PUT" | "DELETE", path: string, body?: unknown): Promise<string | undefined> {
    try {
      const device = await this.#api.send<Device>(method, path, body);
      if (method === "DELETE") this.#dispatch({ type: "releasing", device: device.id });
      this.#dispatch({ type: "device", device });
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) return errorText(error);
      await this.#checkSession();
      return undefined;
    }
  }

  releaseAll(): Promise<void> {
    return this.#tolerant(async () => {
      await this.#api.send("DELETE", "isolations");
      this.#toast({ text: "All devices are being released." });
    });
  }

  setMode(mode: GuardMode): Promise<void> {
    return this.#tolerant(async () => {
      await this.#api.send("PUT", "mode", { mode });
      if (this.#state.status) this.#dispatch({ type: "status", status: { ...this.#state.status, mode } });
      this.#toast({ text: MODE_SET[mode] });
    });
  }

  /** Lets a further Matter controller in for some minutes. */
  openMatterWindow(): Promise<void> {
    return this.#tolerant(async () => {
      await this.#api.send("POST", "matter/window");
      this.#toast({ text: "For some minutes another controller can join with the code." });
      await this.loadMatter();
    });
  }

  drill(kind: IncidentKind, device: string): Promise<void> {
    return this.#tolerant(async () => {
      const incident = await this.#api.send<Incident>("POST", "drills", { kind, device });
      this.#dispatch({ type: "incident", incident });
      this.#toast({ text: "The drill has begun. Your phone and speakers should tell of it now." });
    });
  }

  #toast(toast: { text: string; isError?: boolean; undoRule?: string }): void {
    const id = ++this.#toastId;
    this.#dispatch({ type: "toast", toast: { isError: false, ...toast, id } });
    setTimeout(() => this.dropToast(id), TOAST_MS);
  }

  dropToast(id: number): void {
    this.#dispatch({ type: "toast-gone", id });
  }

  /** Runs a call; a failure becomes a toast, an ended session the log-in. */
  async #tolerant(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#checkSession();
      this.#toast({ text: errorText(error), isError: true });
    }
  }
}
