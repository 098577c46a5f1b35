import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MatterState } from "@lanwarden/contract/matter";
import { asBridge, bridgeCommand, MatterBridge } from "../../src/app/matter-bridge.ts";
import { type AgentInChild, Cable, here, Remote, removeFolder, temporaryFolder } from "./rig.ts";

/** An agent and its bridge on one side of a cable. */
export class Home {
  readonly folder = temporaryFolder();
  readonly cable = new Cable();
  readonly agent: Remote<AgentInChild>;
  readonly log: string[] = [];
  /** Bridge processes that were started, newest last. */
  readonly processes: ChildProcess[] = [];
  #bridge: MatterBridge | undefined;
  #url = "";

  constructor() {
    this.agent = new Remote<AgentInChild>(
      this.cable.fork("a", here("./agent-child.ts"), ["--conditions=source"], process.env),
    );
  }

  get bridge(): MatterBridge {
    if (!this.#bridge) throw new Error("no bridge was started");
    return this.#bridge;
  }

  get bridgeProcess(): ChildProcess {
    const last = this.processes.at(-1);
    if (!last) throw new Error("no bridge was started");
    return last;
  }

  async startAgent(): Promise<void> {
    this.#url = await this.agent.call("start");
  }

  /** Starts the supervisor with a bridge inside of the namespace, and waits until it is up. Returns ms. */
  async startBridge(): Promise<number> {
    mkdirSync(join(this.folder, "matter"), { recursive: true });
    const settings = {
      url: this.#url,
      token: "lw_act",
      storage: join(this.folder, "matter"),
      port: 5540,
      agent: "home",
      version: "0.1.0",
    };
    this.#bridge = new MatterBridge({
      settings,
      hooks: {
        info: (message) => void this.log.push(`info: ${message}`),
        warn: (message) => void this.log.push(`warn: ${message}`),
      },
      spawn: (wanted) => {
        const { module, nodeArguments, env } = bridgeCommand(wanted);
        const child = this.cable.fork("a", module, nodeArguments, env);
        this.processes.push(child);
        return asBridge(child);
      },
    });
    const begun = performance.now();
    this.#bridge.start();
    // Endpoints are written to disk one by one: seconds, but a minute and more on a machine that is busy with other things.
    await this.until((state) => state.state === "up", 150_000);
    return Math.round(performance.now() - begun);
  }

  /** Waits for a state of the bridge. */
  async until(fits: (state: MatterState) => boolean, limitMs = 60_000): Promise<MatterState> {
    const untilMs = Date.now() + limitMs;
    while (!fits(this.bridge.state)) {
      if (Date.now() > untilMs)
        throw new Error(`the bridge is ${JSON.stringify(this.bridge.state)}; log: ${this.log.join(" | ")}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.bridge.state;
  }

  /** Memory of the bridge, MB: now and at its highest. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.bridgeProcess.pid}/status`, "utf8");
    const of = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
    return { now: of("VmRSS"), peak: of("VmHWM") };
  }

  async down(): Promise<void> {
    await this.#bridge?.stop();
    await this.cable.down();
    removeFolder(this.folder);
  }
}
