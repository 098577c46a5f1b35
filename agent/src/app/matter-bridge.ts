import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import type { FromMatterBridge, MatterBridgeSettings, MatterState, ToMatterBridge } from "@lanwarden/contract/matter";
import { sanitizeText } from "../core/sanitize.ts";

export interface MatterBridgeHooks {
  info(message: string): void;
  warn(message: string): void;
}

/** What of a child process is used here; tests give their own. */
export interface BridgeProcess {
  /** undefined when it could not be started. */
  readonly pid: number | undefined;
  on(event: "message", listener: (message: FromMatterBridge) => void): unknown;
  on(event: "exit", listener: (code: number | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  send(message: ToMatterBridge): void;
  kill(): void;
}

export interface MatterBridgeOptions {
  /** `url` is the agent's own API; `token` of scope act; `storage` a folder inside of the data folder. */
  settings: MatterBridgeSettings;
  hooks: MatterBridgeHooks;
  spawn?: (settings: MatterBridgeSettings) => BridgeProcess;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A bridge that was up this long was healthy: the next restart is quick again. */
const HEALTHY_MS = 60_000;
/** The bridge tells its state every ten seconds; one that has been silent this long hangs. A small computer takes long over the first one. */
const SILENT_MS = 60_000;
/**
 * The agent stops within three seconds, a bridge that cannot reach a controller needs up to fourteen. Ending it by force loses nothing: fabrics,
 * endpoint numbers and subscriptions are on disk when they change.
 */
const STOP_MS = 2000;

/**
 * Keeps the Matter bridge running, which is a process of its own: started, restarted with growing pauses when it dies or hangs, stopped in order.
 * A bridge that fails never harms the agent; {@link state} says what is wrong.
 */
export class MatterBridge {
  readonly #options: MatterBridgeOptions;
  readonly #spawn: (settings: MatterBridgeSettings) => BridgeProcess;
  #bridge: BridgeProcess | undefined;
  #state: MatterState;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #gone: (() => void) | undefined;
  #isStopping = false;

  constructor(options: MatterBridgeOptions) {
    this.#options = options;
    this.#spawn = options.spawn ?? forkBridge;
    this.#state = {
      enabled: true,
      state: "off",
      detail: null,
      qr: null,
      manual: null,
      port: options.settings.port,
      fabrics: [],
      endpoints: [],
    };
  }

  get state(): MatterState {
    return this.#state;
  }

  start(): void {
    this.#isStopping = false;
    // What was wrong stays to be seen until the new one is up.
    if (this.#state.state !== "failed") this.#state = { ...this.#state, state: "starting", detail: null };
    let bridge: BridgeProcess;
    try {
      bridge = this.#spawn(this.#options.settings);
    } catch (error) {
      this.#failed(`the Matter bridge could not be started: ${oneLine(error)}`);
      this.#restartLater(0);
      return;
    }
    this.#bridge = bridge;
    const startedMs = Date.now();
    let failure: string | undefined;
    this.#isAlive(bridge, () => (failure = `it has not answered for ${SILENT_MS / 1000} s`));
    bridge.on("message", (message) => {
      this.#isAlive(bridge, () => (failure = `it has not answered for ${SILENT_MS / 1000} s`));
      failure = this.#take(message) ?? failure;
    });
    bridge.on("error", (error) => {
      failure = oneLine(error);
      // Without a process there is no exit to come.
      if (bridge.pid === undefined) this.#ended(bridge, failure, startedMs);
    });
    bridge.on("exit", (code) => this.#ended(bridge, failure ?? `exit status ${code ?? "none"}`, startedMs));
  }

  /** Lets further controllers in for some minutes. False when the bridge is not up. */
  openWindow(): boolean {
    if (this.#state.state !== "up" || !this.#bridge) return false;
    return this.#send({ type: "open_window" });
  }

  /** Asks the bridge to end; ends it by force when it has not within two seconds. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    const bridge = this.#bridge;
    if (bridge) {
      const gone = new Promise<void>((resolve) => (this.#gone = resolve));
      if (!this.#send({ type: "stop" })) bridge.kill();
      const force = setTimeout(() => bridge.kill(), STOP_MS);
      await gone;
      clearTimeout(force);
    }
    this.#state = { ...this.#state, state: "off", detail: null, qr: null, manual: null };
  }

  #send(message: ToMatterBridge): boolean {
    try {
      this.#bridge?.send(message);
      return true;
    } catch {
      return false;
    }
  }

  /** Returns why the bridge fails, if it says so. */
  #take(message: FromMatterBridge): string | undefined {
    switch (message.type) {
      case "state":
        this.#state = { enabled: true, ...message.state };
        return message.state.state === "failed" ? (message.state.detail ?? undefined) : undefined;
      case "warn":
        this.#options.hooks.warn(`Matter: ${sanitizeText(message.message)}`);
        return undefined;
      case "info":
        this.#options.hooks.info(`Matter: ${sanitizeText(message.message)}`);
        return undefined;
    }
  }

  #isAlive(bridge: BridgeProcess, onSilence: () => void): void {
    clearTimeout(this.#watchdog);
    if (this.#isStopping) return;
    this.#watchdog = setTimeout(() => {
      onSilence();
      bridge.kill();
    }, SILENT_MS);
  }

  #ended(bridge: BridgeProcess, failure: string, startedMs: number): void {
    if (this.#bridge !== bridge) return;
    this.#bridge = undefined;
    clearTimeout(this.#watchdog);
    this.#gone?.();
    if (this.#isStopping) return;
    this.#failed(failure);
    this.#restartLater(Date.now() - startedMs);
  }

  #failed(detail: string): void {
    const text = sanitizeText(detail);
    // The same words again say nothing new.
    if (this.#state.detail !== text || this.#pauseMs === FIRST_PAUSE_MS)
      this.#options.hooks.warn(`the Matter bridge stopped: ${text}; it is started anew`);
    this.#state = { ...this.#state, state: "failed", detail: text, qr: null, manual: null };
  }

  #restartLater(ranMs: number): void {
    if (ranMs > HEALTHY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#timer = setTimeout(() => this.start(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

/** V8 keeps what it once took. The bridge's own data is small, so a small heap with a small nursery holds it on a Raspberry Pi. */
const MEMORY_FLAGS = ["--max-old-space-size=160", "--max-semi-space-size=2"];

/** How the bridge is started, from its source. It gets an environment of its own: matter.js takes settings from variables named MATTER_…. */
export function bridgeCommand(settings: MatterBridgeSettings): {
  module: string;
  nodeArguments: string[];
  env: Record<string, string>;
} {
  const env: Record<string, string> = { LANWARDEN_MATTER: JSON.stringify(settings) };
  for (const name of ["PATH", "HOME", "TMPDIR", "TZ", "LANG"]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return {
    module: createRequire(import.meta.url).resolve("@lanwarden/matter/main"),
    nodeArguments: ["--conditions=source", ...MEMORY_FLAGS],
    env,
  };
}

function forkBridge(settings: MatterBridgeSettings): BridgeProcess {
  const { module, nodeArguments, env } = bridgeCommand(settings);
  const child = fork(module, [], {
    execArgv: nodeArguments,
    env,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // Ctrl-C in a terminal reaches the agent only, which then stops the bridge in order.
    detached: true,
  });
  return asBridge(child);
}

/** A child process as the supervisor uses it: ended by force only, for what is asked kindly goes by a message. */
export const asBridge = (child: ChildProcess): BridgeProcess => ({
  pid: child.pid,
  on: (event: string, listener: (...args: never[]) => void) =>
    child.on(event, listener as (...args: unknown[]) => void),
  send: (message) => void child.send(message),
  kill: () => void child.kill("SIGKILL"),
});
