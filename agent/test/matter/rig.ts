import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const rig = resolve(root, process.env.LANWARDEN_TOOLS ?? "../shared/tools", "matter-rig");
const netns = join(rig, "netns.sh");
const rigFolder =
  process.env.RIG_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? "/root", ".cache"), "lanwarden-rigs/matter");
/** Names of this suite, so that it may run beside others. */
const env = { ...process.env, LWM_NS_A: "lwm-ta", LWM_NS_B: "lwm-tb", LWM_NET: "198.18.79" };

/** Why the tests cannot run here; undefined when they can. */
export function noMatterRig(): string | undefined {
  const reason =
    process.getuid?.() !== 0
      ? "network namespaces need root"
      : !existsSync(netns)
        ? `${netns} is not here (LANWARDEN_TOOLS names its folder)`
        : !existsSync(join(rigFolder, "venv/bin/python"))
          ? `the Matter controller is not set up: run ${join(rig, "setup.sh")}`
          : undefined;
  if (reason !== undefined) process.stderr.write(`skipped: Matter, because ${reason}\n`);
  return reason;
}

/** The clock of controller.py, ms. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "lanwarden-matter-"));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Command of the CHIP controller's shell; it runs in whatever namespace it is started in. */
export const rigController = (storage: string): string[] => [join(rig, "controller.py"), "--storage", storage, "shell"];

/** Two namespaces joined by a cable: the bridge and its agent in a, controllers in b. */
export class Cable {
  readonly #children: ChildProcess[] = [];

  constructor() {
    spawnSync(netns, ["down"], { env, timeout: 30_000 });
    execFileSync(netns, ["up"], { env, timeout: 30_000, stdio: "ignore" });
  }

  /** Runs a module of ours in a namespace, with messages between it and us. */
  fork(side: "a" | "b", module: string, nodeArguments: readonly string[], childEnv: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(netns, [`run-${side}`, process.execPath, ...nodeArguments, module], {
      env: { ...childEnv, LWM_NS_A: env.LWM_NS_A, LWM_NS_B: env.LWM_NS_B, LWM_NET: env.LWM_NET },
      stdio: ["ignore", "ignore", process.env.MATTER_TEST_LOG ? "inherit" : "ignore", "ipc"],
    });
    this.#children.push(child);
    return child;
  }

  /** The CHIP controller's shell. `storage` keeps its fabric. */
  controller(storage: string): ChildProcess {
    const child = spawn(netns, ["run-b", ...rigController(storage)], {
      env: { ...env, RIG_DIR: rigFolder },
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#children.push(child);
    return child;
  }

  async down(): Promise<void> {
    const alive = this.#children.filter((child) => child.exitCode === null && child.signalCode === null);
    const gone = alive.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const child of alive) child.kill("SIGKILL");
    await Promise.all(gone);
    spawnSync(netns, ["down"], { env, timeout: 30_000 });
  }
}

export interface Line {
  ev: string;
  t: number;
  id?: number;
  [field: string]: unknown;
}

/** The CHIP SDK's controller: a hub that is not matter.js. */
export class Controller {
  readonly seen: Line[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #commands = 0;

  constructor(cable: Pick<Cable, "controller">, storage: string) {
    this.#child = cable.controller(storage);
    if (this.#child.stdout)
      createInterface({ input: this.#child.stdout }).on("line", (text) => {
        if (!text.startsWith("{")) return;
        this.seen.push(JSON.parse(text) as Line);
        for (const look of this.#waiting) look();
      });
  }

  /** The first line since `from` (an index of {@link seen}) that fits. */
  async line(what: string, fits: (line: Line) => boolean, from: number, limitMs = 20_000): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.seen.slice(from).find(fits);
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`the controller did not say within ${limitMs} ms: ${what}`));
      }, limitMs);
      this.#waiting.add(look);
      look();
    });
  }

  /** Runs a command to its end: its lines, the last of which says whether it went well. */
  async run(command: string, limitMs = 60_000): Promise<Line[]> {
    const id = ++this.#commands;
    const from = this.seen.length;
    this.#child.stdin?.write(`${command}\n`);
    await this.line(`${command}: done`, (line) => line.id === id && line.ev === "done", from, limitMs);
    return this.seen.slice(from).filter((line) => line.id === id);
  }

  /** The same for `subscribe`, which goes on. */
  async subscribe(limitMs = 30_000): Promise<void> {
    const id = ++this.#commands;
    const from = this.seen.length;
    this.#child.stdin?.write("subscribe 0\n");
    await this.line("subscribed", (line) => line.id === id && line.ev === "subscribed", from, limitMs);
  }

  async read(endpoint: number, cluster: string, attribute: string): Promise<unknown> {
    return (await this.run(`read ${endpoint} ${cluster} ${attribute}`)).find(({ ev }) => ev === "value")?.value;
  }

  /** Endpoint numbers by node label. */
  async labels(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const line of await this.run("endpoints")) {
      const bridged = line.bridged as { NodeLabel?: string } | undefined;
      if (bridged?.NodeLabel !== undefined) found.set(bridged.NodeLabel, line.ep as number);
    }
    return found;
  }

  async quit(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.write("quit\n");
    await gone;
  }
}

type Calls<T> = { [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] };

/** An object in a child process: its methods are called by messages. */
export class Remote<T> {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly events: { event: string; t: number; [field: string]: unknown }[] = [];
  #calls = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message: { id?: number; result?: unknown; error?: string; event?: string; t: number }) => {
      if (message.event !== undefined) this.events.push(message as { event: string; t: number });
      const waiting = this.#answers.get(message.id ?? 0);
      this.#answers.delete(message.id ?? 0);
      if (message.error !== undefined) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.result);
    });
    child.once("exit", () => {
      for (const { reject } of this.#answers.values()) reject(new Error("the child ended"));
    });
  }

  async call<K extends keyof Calls<T> & string>(
    method: K,
    ...args: Calls<T>[K] extends (...args: infer A) => unknown ? A : never
  ): Promise<Calls<T>[K] extends (...args: never[]) => infer R ? Awaited<R> : never> {
    if (!this.#child.connected) throw new Error(`${method}: the child has ended`);
    const id = ++this.#calls;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.#child.send({ id, method, args });
    return (await answer) as never;
  }
}

export interface AgentInChild
  extends Pick<FakeAgent, "start" | "stop" | "setDevice" | "removeDevice" | "setIncident" | "setMode"> {
  refuse(device: string, code: string | null): void;
  calls(): { method: string; path: string; body: unknown }[];
}

export interface MatterJsController {
  commission(code: string): Promise<number>;
  remove(): Promise<string>;
  labels(): Promise<Record<string, number>>;
  command(endpoint: number, command: "on" | "off"): Promise<string>;
}

export const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
