import type { MatterBridgeSettings, MatterState } from "@lanwarden/contract/matter";
import { AgentClient, type AgentEvent, type Snapshot } from "./agent-client.ts";
import { type Effect, HomeView, MAX_DEVICES, type Wanted } from "./home-view.ts";
import { isLocked, isPortTaken, MatterNode } from "./matter-node.ts";
import { BridgeStorage, type Install, identifier, type Memory } from "./storage.ts";

export interface BridgeHooks {
  state(state: Omit<MatterState, "enabled">): void;
  info(message: string): void;
  warn(message: string): void;
  /** It cannot go on. */
  failed(reason: string): void;
}

/** Events that come together are shown together: what is told again after a cut does not flicker. */
const GATHER_MS = 10;
/** A moment without the agent is nothing to tell: it may be starting anew. */
const UNREACHABLE_MS = 5000;
/** A predecessor that still retries a report to a controller that has gone takes up to 14 s to close. */
const LOCKED_MS = 25_000;
const LOCK_PAUSE_MS = 250;

const monotonicMs = (): number => performance.now();

/** Shows the agent's home as Matter endpoints, and brings what is switched there to the agent. */
export class Bridge {
  readonly #settings: MatterBridgeSettings;
  readonly #hooks: BridgeHooks;
  readonly #client: AgentClient;
  readonly #storage: BridgeStorage;
  readonly #install: Install;
  readonly #memory: Memory;
  readonly #view: HomeView;
  /** What plugs do, and whether they should be on. */
  readonly #plugs = new Map<string, { effect: Effect; isOn: boolean }>();
  /** What the node was told last: most events change nothing that is shown. */
  readonly #told = new Map<string, boolean>();
  #toldReachable = true;
  #node: MatterNode | undefined;
  #isUp = false;
  #isReachable = true;
  #isClosed = false;
  #isMemoryOld = false;
  #toldLeft = 0;
  #work: Promise<void> = Promise.resolve();
  #gather: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;
  #lostTimer: NodeJS.Timeout | undefined;

  /** Throws when the folder of `settings.storage` cannot be made. */
  constructor(settings: MatterBridgeSettings, hooks: BridgeHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
    this.#client = new AgentClient(settings.url, settings.token);
    this.#storage = new BridgeStorage(settings.storage);
    this.#install = this.#storage.install();
    this.#memory = this.#storage.memory();
    this.#view = new HomeView(this.#memory.devices);
  }

  /**
   * Goes up as soon as the agent has told what is: until then nothing is announced, because a sensor that says "all is well" before anybody has
   * looked would close an alarm, and open it again.
   */
  start(): void {
    void this.#client.listen({
      snapshot: (snapshot) => this.#snapshot(snapshot),
      event: (event) => this.#event(event),
      lost: (reason) => this.#lost(reason),
    });
  }

  tellState(): void {
    const node = this.#node;
    const codes = this.#isUp ? node?.codes : undefined;
    this.#hooks.state({
      state: this.#isUp ? "up" : "starting",
      detail: null,
      qr: codes?.qr ?? null,
      manual: codes?.manual ?? null,
      port: this.#settings.port,
      fabrics: node?.fabrics ?? [],
      endpoints: node?.endpoints ?? [],
    });
  }

  async openWindow(): Promise<void> {
    try {
      if (this.#isUp) await this.#node?.openWindow();
    } catch {
      this.#hooks.warn(
        "an ecosystem lets others in already: use the code that it shows, or wait until its time is over",
      );
    }
    this.tellState();
  }

  /** Fabrics, numbers and subscriptions are on disk already; this tells the controllers and lets the storage go. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of [this.#gather, this.#clock, this.#lostTimer]) clearTimeout(timer);
    this.#client.close();
    await this.#work;
    await this.#node?.close();
  }

  #snapshot(snapshot: Snapshot): void {
    clearTimeout(this.#lostTimer);
    this.#lostTimer = undefined;
    if (!this.#isReachable) this.#hooks.info("the agent can be reached again");
    this.#isReachable = true;
    this.#view.replace(snapshot);
    this.#changed();
  }

  #event(event: AgentEvent): void {
    if (this.#view.take(event, monotonicMs())) this.#changed();
  }

  #lost(reason: string): void {
    this.#lostTimer ??= setTimeout(() => {
      this.#isReachable = false;
      this.#hooks.warn(`the agent cannot be reached: ${reason}`);
      this.#changed();
    }, UNREACHABLE_MS);
  }

  #changed(): void {
    if (this.#isClosed) return;
    this.#gather ??= setTimeout(() => {
      this.#gather = undefined;
      this.#enqueue(() => this.#show());
    }, GATHER_MS);
  }

  /** One thing after the other: endpoints come and go while others change. */
  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#isClosed) return;
      try {
        await step();
      } catch (error) {
        this.#hooks.failed(this.#reasonOf(error));
      }
    });
  }

  async #show(): Promise<void> {
    const nowMs = monotonicMs();
    const wanted = this.#view.wanted(nowMs);
    const node = (this.#node ??= await this.#open());
    // It is beginning anew, and says so when it is back.
    if (this.#isUp && !node.isOnline) return;
    const keep = new Set(wanted.map(({ id }) => id));
    for (const id of node.ids) if (!keep.has(id)) await this.#remove(node, id);
    for (const one of wanted) await this.#showOne(node, one);
    if (this.#toldReachable !== this.#isReachable) await node.setReachable(this.#isReachable);
    this.#toldReachable = this.#isReachable;
    const isNew = this.#remember() || !this.#isUp;
    this.#sayWhatIsLeft();
    clearTimeout(this.#clock);
    const nextMs = this.#view.nextChangeMs(nowMs);
    if (nextMs !== undefined) this.#clock = setTimeout(() => this.#changed(), nextMs - nowMs + 1);
    if (!this.#isUp) {
      await node.start();
      this.#isUp = true;
    }
    if (isNew) this.tellState();
  }

  async #open(): Promise<MatterNode> {
    const { port, version } = this.#settings;
    const untilMs = monotonicMs() + LOCKED_MS;
    for (;;) {
      try {
        return await MatterNode.open(
          {
            storage: this.#storage.folder,
            port,
            version,
            passcode: this.#install.passcode,
            discriminator: this.#install.discriminator,
            uniqueId: identifier(this.#install, "node"),
            serialNumber: identifier(this.#install, "node serial").slice(0, 16),
          },
          {
            switched: (id, isOn) => this.#switched(id, isOn),
            changed: () => this.#nodeChanged(),
            error: (message) => this.#hooks.warn(message),
          },
        );
      } catch (error) {
        if (!isLocked(error) || monotonicMs() > untilMs || this.#isClosed) throw error;
        await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
      }
    }
  }

  async #showOne(node: MatterNode, { id, kind, label, isOn, effect }: Wanted): Promise<void> {
    if (effect) this.#plugs.set(id, { effect, isOn });
    if (!node.has(id)) {
      const identity = {
        uniqueId: identifier(this.#install, id),
        serialNumber: identifier(this.#install, `${id} serial`).slice(0, 16),
      };
      await node.add({ id, kind, label, isOn, isReachable: this.#isReachable, ...identity });
    } else if (this.#told.get(id) !== isOn) await node.set(id, isOn);
    this.#told.set(id, isOn);
    await this.#name(node, id, label);
  }

  /** A label that is not the one that we gave is the user's, and stays. */
  async #name(node: MatterNode, id: string, label: string): Promise<void> {
    const given = this.#memory.labels[id];
    const present = node.label(id);
    const isUsers = given !== undefined && present !== given && present !== "";
    if (isUsers || (present === label && given === label)) return;
    if (present !== label) await node.rename(id, label);
    this.#memory.labels[id] = label;
    this.#isMemoryOld = true;
  }

  /** True when labels or devices changed. */
  #remember(): boolean {
    const devices = this.#view.shown;
    if (devices.join() !== this.#memory.devices.join()) this.#isMemoryOld = true;
    if (!this.#isMemoryOld) return false;
    this.#memory.devices = devices;
    this.#storage.remember(this.#memory);
    this.#isMemoryOld = false;
    return true;
  }

  async #remove(node: MatterNode, id: string): Promise<void> {
    await node.remove(id);
    this.#plugs.delete(id);
    this.#told.delete(id);
    delete this.#memory.labels[id];
    this.#isMemoryOld = true;
  }

  #sayWhatIsLeft(): void {
    const { left } = this.#view;
    if (left > this.#toldLeft)
      this.#hooks.warn(
        `${left} pinned device${left === 1 ? " is" : "s are"} not shown: Alexa takes 50 endpoints of a bridge, which is ${MAX_DEVICES} devices; unpin some`,
      );
    this.#toldLeft = left;
  }

  /** Rejects with the agent's words when it refuses. */
  async #switched(id: string, isOn: boolean): Promise<void> {
    const plug = this.#plugs.get(id);
    if (!plug || !this.#isReachable) throw new Error("the agent cannot be reached");
    const { effect } = plug;
    try {
      if (effect.does === "protect") {
        // "Off" of a plug that is off changes nothing: "all off" must not turn "ask" into "monitor".
        if (isOn !== plug.isOn) await this.#client.setMode(isOn ? "protect" : "monitor");
      } else if (isOn) await this.#client.isolate(effect.device);
      else await this.#client.release(effect.device);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#hooks.info(`switching ${id} ${isOn ? "on" : "off"} was refused: ${text}`);
      throw new Error(text);
    }
  }

  #nodeChanged(): void {
    if (this.#isClosed || !this.#isUp) return;
    this.tellState();
    // The last ecosystem that goes takes everything with it, given names too: the node begins anew, and is told everything anew.
    this.#told.clear();
    if (this.#node?.fabrics.length === 0) this.#memory.labels = {};
    this.#changed();
  }

  #reasonOf(error: unknown): string {
    const { port, storage } = this.#settings;
    if (isPortTaken(error))
      return `UDP port ${port} is taken by another program, perhaps another Matter bridge on this machine; choose another one in matter.port`;
    if (isLocked(error)) return `another process holds ${storage}; is a second agent running on the same data folder?`;
    return error instanceof Error ? (error.message.split("\n")[0] ?? "unknown") : String(error);
  }
}
