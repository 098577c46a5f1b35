import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Controller, here, type MatterJsController, monotonicMs, Remote, rigController } from "../matter/rig.ts";
import type { StoryHome } from "./story-home.ts";

/** Two ecosystems on the LAN that the bridge is paired with: one on the CHIP SDK, one on matter.js. */
export class MatterHomes {
  readonly chip: Controller;
  readonly matterJs: Remote<MatterJsController>;
  readonly #children: ChildProcess[] = [];
  readonly #home: StoryHome;

  constructor(home: StoryHome) {
    this.#home = home;
    for (const host of ["chip", "apple", home.place.agentOn]) {
      // Without a route of its own for it, group addresses are joined on whichever interface leads to the internet.
      const link = host === "router" ? "br0" : "eth0";
      home.net.run(host, "ip", "route", "replace", "224.0.0.0/4", "dev", link);
    }
    this.chip = new Controller(
      { controller: (storage) => this.#start("chip", rigController(storage)) },
      join(home.folder, "chip"),
    );
    const child = this.#start(
      "apple",
      [process.execPath, "--conditions=source", here("./matter-js-child.ts")],
      { CONTROLLER_STORAGE: join(home.folder, "matter-js") },
      true,
    );
    this.matterJs = new Remote<MatterJsController>(child);
  }

  #start(host: string, command: readonly string[], env: NodeJS.ProcessEnv = {}, ipc = false): ChildProcess {
    const child = spawn("ip", ["netns", "exec", this.#home.net.namespace(host), ...command], {
      env: { ...process.env, ...env },
      stdio: ipc ? ["ignore", "ignore", "ignore", "ipc"] : ["pipe", "pipe", "ignore"],
    });
    this.#children.push(child);
    return child;
  }

  /** Wall time of a moment that a controller told in its own clock. */
  static wallMs(t: number): number {
    return Date.now() - (monotonicMs() - t);
  }

  /** Pairs both: the first with the code that is open, the second with one of a new window. */
  async pair(code: string, nextCode: () => Promise<string>): Promise<void> {
    await this.chip.run(`commission --code ${code}`);
    await this.chip.subscribe();
    await this.matterJs.call("commission", await nextCode());
  }

  /** When each of the two heard that a contact has the value; endpoints by their label. */
  async contact(
    label: string,
    value: boolean,
    sinceMs: number,
    limitMs = 5000,
  ): Promise<{ chip: number; matterJs: number }> {
    const endpoint = await this.endpoint(label);
    const end = Date.now() + limitMs;
    for (;;) {
      const chip = this.chip.seen.find(
        (line) =>
          line.ev === "attr" &&
          line.ep === endpoint &&
          line.attr === "StateValue" &&
          line.value === value &&
          MatterHomes.wallMs(line.t) >= sinceMs,
      );
      const matterJs = this.matterJs.events.find(
        (line) =>
          line.event === "contact" &&
          line.endpoint === endpoint &&
          line.value === value &&
          MatterHomes.wallMs(line.t) >= sinceMs,
      );
      if (chip && matterJs) return { chip: MatterHomes.wallMs(chip.t), matterJs: MatterHomes.wallMs(matterJs.t) };
      if (Date.now() > end) {
        const heard = this.chip.seen.filter(({ ep }) => ep === endpoint).slice(-3);
        throw new Error(
          `contact "${label}" ${value}: CHIP ${chip ? "heard" : "not"}, matter.js ${matterJs ? "heard" : "not"}: ${JSON.stringify(heard)}`,
        );
      }
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** When the CHIP controller heard that an on/off plug has the value. */
  async plug(label: string, value: boolean, sinceMs: number, limitMs = 8000): Promise<number> {
    const endpoint = await this.endpoint(label);
    const line = await this.chip.line(
      `${label} ${value ? "on" : "off"}`,
      ({ ev, ep, attr, value: told, t }) =>
        ev === "attr" && ep === endpoint && attr === "OnOff" && told === value && MatterHomes.wallMs(t) >= sinceMs,
      0,
      limitMs,
    );
    return MatterHomes.wallMs(line.t);
  }

  readonly #endpoints = new Map<string, number>();
  async endpoint(label: string): Promise<number> {
    if (this.#endpoints.size === 0)
      for (const [name, number] of await this.chip.labels()) this.#endpoints.set(name, number);
    const number = this.#endpoints.get(label);
    if (number === undefined) throw new Error(`no endpoint "${label}" among ${[...this.#endpoints.keys()].join(", ")}`);
    return number;
  }

  down(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }
}
