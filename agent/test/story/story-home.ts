import type { ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, eventually, HomeAssistant, HomeNet, remove, temporaryFolder } from "../home-assistant/rig.ts";
import { AgentApi, until } from "./api.ts";
import { Lines } from "./lines.ts";

export const CAMERA = { id: "ec:71:db:00:53:01", host: "camera", name: "Hall camera" };
export const PLUG = { id: "34:94:54:00:53:02", host: "plug", name: "Desk plug" };
export const TV = { id: "a8:23:fe:00:53:03", host: "tv", name: "Television" };
export const CLOUD_PORT = 7000;
export const POOL_PORT = 3333;

const HA_PORT = 8123;
const MQTT_PORT = 1883;

export interface StoryPlace {
  /** Of the namespaces and of Home Assistant's instance. */
  name: string;
  /** First three octets of the LAN. */
  lan: string;
  /** Where the agent and the mirror port are: on the router, or on a machine beside it. */
  agentOn: "router" | "sensor";
}

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url));

/** The home of the story: router, camera, television, desk plug, internet and Home Assistant, each in a namespace; later the agent. */
export class StoryHome {
  readonly place: StoryPlace;
  readonly folder = temporaryFolder();
  readonly net: HomeNet;
  readonly ha: HomeAssistant;
  readonly witness: Lines;
  readonly internet: Lines;
  readonly camera: Lines;
  readonly api: AgentApi;
  /** What the agent wrote to its log, over all its lives. */
  readonly log: string[] = [];
  #agent: ChildProcess | undefined;

  constructor(place: StoryPlace, hosts: readonly string[] = []) {
    this.place = place;
    const { name, lan, agentOn } = place;
    const home = [`camera:10:${CAMERA.id}`, `tv:11:${TV.id}`, `plug:12:${PLUG.id}`, "ha:3", ...hosts];
    this.net = new HomeNet(name, lan, home, agentOn);
    // A camera keeps its picture while it is cut off: its connection may not wait for minutes before it tries again.
    this.net.run("camera", "sysctl", "-qw", "net.ipv4.tcp_syn_retries=2", "net.ipv4.tcp_retries2=5");
    this.ha = new HomeAssistant(name, HA_PORT, MQTT_PORT, this.net.namespace("ha"));
    this.internet = this.script("internet", "internet.mjs", String(CLOUD_PORT), String(POOL_PORT));
    this.camera = this.script("camera", "infected.mjs", String(CLOUD_PORT));
    this.witness = this.script("ha", "witness.mjs", `http://127.0.0.1:${HA_PORT}`, this.ha.token);
    this.script("ha", "tunnel.mjs", this.mqttSocket, "127.0.0.1", String(MQTT_PORT));
    this.script(agentOn, "tunnel.mjs", join(this.folder, "api.sock"), "127.0.0.1", "8470");
    this.api = new AgentApi(join(this.folder, "api.sock"), join(this.folder, "data"));
  }

  get mqttSocket(): string {
    return join(this.folder, "mqtt.sock");
  }

  get agentIp(): string {
    return `${this.place.lan}.${this.place.agentOn === "router" ? 1 : 2}`;
  }

  get haIp(): string {
    return `${this.place.lan}.3`;
  }

  /** Starts one of the story's scripts in a namespace. */
  script(host: string, name: string, ...args: string[]): Lines {
    return new Lines(this.net.start(host, [process.execPath, script(name), ...args]));
  }

  async ready(): Promise<void> {
    await this.internet.first("the internet", 0, ({ internet }) => internet === "ready");
    await this.witness.first("the witness", 0, ({ witness }) => witness === "ready");
    await this.internet.first("the camera's cloud hears it", 0, ({ heard }) => heard === "tcp");
  }

  /** Writes the agent's configuration; `more`: keys beside or instead of the usual ones. */
  configure(more: Record<string, unknown>): void {
    mkdirSync(this.folder, { recursive: true });
    const config = {
      agent: "home",
      data: join(this.folder, "data"),
      home: { networks: [`${this.place.lan}.0/24`, "fe80::/10"] },
      sources: [{ type: "interface", interface: "mon0" }],
      http: { listen: "0.0.0.0:8470" },
      mqtt: { url: `mqtt://${this.haIp}:${MQTT_PORT}` },
      home_assistant: {
        url: `http://${this.haIp}:${HA_PORT}`,
        token: this.ha.token,
        push: ["notify.mobile_app_phone"],
        speak: [this.entity("_satellite")],
      },
      devices: [
        { mac: CAMERA.id, type: "camera", pinned: true },
        { mac: TV.id, pinned: true },
        { mac: PLUG.id, pinned: true },
      ],
      ...more,
    };
    writeFileSync(this.configFile, JSON.stringify(config));
  }

  get configFile(): string {
    return join(this.folder, "lanwarden.yaml");
  }

  /** Entity id of a unique id, or of one that ends so: nothing in the story spells an entity id. */
  entity(uniqueId: string): string {
    const found = this.ha.entities(uniqueId).find(({ unique_id: id }) => id.endsWith(uniqueId));
    if (!found) throw new Error(`no entity whose unique id ends in ${uniqueId}`);
    return found.entity_id;
  }

  /** Starts the agent and waits until it is ready. `preload`: a module that is loaded before it. */
  async startAgent(preload?: string, wait = true): Promise<ChildProcess> {
    const flags = preload === undefined ? [] : ["--import", preload];
    const command = [process.execPath, "--conditions=source", ...flags, bin, "run", "--config", this.configFile];
    this.#agent = this.net.start(this.place.agentOn, command, (line) => this.log.push(line));
    if (wait) await until(`the agent is ready; its log:\n${this.log.slice(-10).join("\n")}`, this.api.isReady, 30_000);
    return this.#agent;
  }

  /** Ends the agent (not the namespace's shell around it) and waits until it is gone. */
  async stopAgent(signal: NodeJS.Signals): Promise<void> {
    const pid = this.net.pidOf(this.place.agentOn, this.configFile);
    if (pid !== undefined) process.kill(pid, signal);
    const child = this.#agent;
    await eventually(
      "the agent is gone",
      () => child === undefined || child.exitCode !== null || child.signalCode !== null,
    );
  }

  /** What the household's phone, speaker and plugs were asked to do, with the time in ms. */
  calls(): {
    at: number;
    call: string;
    message?: string;
    title?: string;
    on?: boolean;
    entity_id?: string;
    data?: Record<string, unknown>;
  }[] {
    return this.ha.calls().map((call) => ({ ...call, at: call.time * 1000 }));
  }

  /** Packets that arrive on the internet, with the kernel's time. */
  packets(filter: string): Lines {
    const lines = new Lines();
    const command = ["tcpdump", "-lnqtti", "eth0", "--immediate-mode", "-Q", "in", filter];
    this.net.start("internet", command, (text) => {
      const [, seconds, packet] = /^(\d{10}\.\d{6}) (.*)$/.exec(text) ?? [];
      if (seconds === undefined) lines.other.push(text);
      else lines.add({ at: Number(seconds) * 1000, packet });
    });
    return lines;
  }

  down(): void {
    this.net.down();
    this.ha.down();
    remove(this.folder);
  }
}
