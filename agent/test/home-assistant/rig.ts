import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const tools = resolve(root, process.env.LANWARDEN_TOOLS ?? "../shared/tools");
const haRig = join(tools, "ha-rig/ha-rig");
const homeNet = join(tools, "home-net/home-net");
const haRoot = join(
  process.env.HA_RIG_DIR ??
    join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? "/root", ".cache"), "lanwarden-rigs/home-assistant"),
  "root/opt/rig/installed",
);
export const bin = join(root, "agent/bin/lanwarden.mjs");
export const threats = resolve(root, "../shared/corpus/threats");

const isRoot = process.getuid?.() === 0;
const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Why tests cannot run here; undefined when they can. Printed, so that nobody takes a skipped test for a passed one. */
function saySkip(what: string, reason: string | undefined): string | undefined {
  if (reason !== undefined) process.stderr.write(`skipped: ${what}, because ${reason}\n`);
  return reason;
}

const LIVE_TAP = ["nft", "ethtool", "mosquitto", "mosquitto_sub", "tcpreplay", "editcap"];

/** `programs`: what the test runs inside, beside the shell. */
export const noHomeNet = (what: string, programs: readonly string[] = LIVE_TAP): string | undefined =>
  saySkip(
    what,
    !isRoot
      ? "network namespaces need root"
      : !existsSync(homeNet)
        ? `${homeNet} is not here (LANWARDEN_TOOLS names its folder)`
        : programs.find((program) => !has(program))?.concat(" is not installed"),
  );

export const noHomeAssistant = (what: string): string | undefined =>
  saySkip(
    what,
    !isRoot
      ? "the rig needs root"
      : !existsSync(haRig)
        ? `${haRig} is not here (LANWARDEN_TOOLS names its folder)`
        : !existsSync(haRoot)
          ? `Home Assistant is not set up: run "${haRig} setup"`
          : undefined,
  );

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "lanwarden-ha-"));
export const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** A home of network namespaces with a mirror port. */
export class HomeNet {
  readonly #env: NodeJS.ProcessEnv;
  readonly #children: ChildProcess[] = [];

  /** `mirror`: where the mirror port is, the host "sensor" or the router itself. */
  constructor(name: string, lan: string, hosts: readonly string[], mirror: "sensor" | "router" = "sensor") {
    this.#env = { ...process.env, HOME_NET_NAME: name, HOME_NET_LAN: lan };
    spawnSync(homeNet, ["down"], { env: this.#env });
    execFileSync(homeNet, ["up", "--mirror", mirror, ...hosts], { env: this.#env, timeout: 30_000 });
  }

  /** Name of a host's namespace. */
  namespace(host: string): string {
    return `${this.#env.HOME_NET_NAME}-${host}`;
  }

  /** Runs a command in a namespace to its end and returns what it printed. */
  run(host: string, ...command: string[]): string {
    return execFileSync(homeNet, ["run", host, ...command], { env: this.#env, encoding: "utf8", timeout: 120_000 });
  }

  /** Starts a command in a namespace; its standard input is a pipe. `onLine` gets its standard output and error. */
  start(host: string, command: readonly string[], onLine: (line: string) => void = () => undefined): ChildProcess {
    const child = spawn(homeNet, ["run", host, ...command], { env: this.#env, stdio: ["pipe", "pipe", "pipe"] });
    this.#children.push(child);
    readLines(child, onLine);
    return child;
  }

  /** The process in a namespace whose command line has this text. */
  pidOf(host: string, text: string): number | undefined {
    const pids = execFileSync("ip", ["netns", "pids", `${this.#env.HOME_NET_NAME}-${host}`], { encoding: "utf8" });
    return pids
      .split("\n")
      .filter(Boolean)
      .map(Number)
      .find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text));
  }

  down(): void {
    for (const child of this.#children) child.kill("SIGTERM");
    spawnSync(homeNet, ["down"], { env: this.#env, timeout: 30_000 });
  }
}

export function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk.toString("utf8")).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) onLine(part);
    });
  }
}

export interface State {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
}
export interface RegistryEntity {
  entity_id: string;
  unique_id: string;
  name: string | null;
  category: string | null;
  device: string | null;
  area: string | null;
}
export interface Call {
  /** Seconds since 1970. */
  time: number;
  call: "switch" | "announce" | "speak" | "push" | "ask";
  entity_id?: string;
  on?: boolean;
  title?: string;
  message?: string;
  data?: Record<string, unknown>;
}
export interface RegistryDevice {
  id: string;
  name: string;
  identifiers: unknown[];
  connections: unknown[];
  linked: string[];
}

const BROKER_GONE =
  /paho\.mqtt\.client.*(Connection re(set by peer|fused)|Broken pipe)|components\.mqtt\.(client|util).*(Failed to connect|No ACK|not currently connected|Disconnected|Error returned)/;

/** A real Home Assistant with a broker and a household. */
export class HomeAssistant {
  readonly #env: NodeJS.ProcessEnv;
  readonly mqtt: string;
  readonly url: string;
  /** Its configuration folder. */
  readonly config: string;
  /** The owner's long-lived token. */
  readonly token: string;

  /** `netns`: the namespace in which it runs; it listens on every address of it then. */
  constructor(name: string, port: number, mqttPort: number, netns?: string) {
    this.#env = { ...process.env, HA_RIG_NAME: name };
    spawnSync(haRig, ["down"], { env: this.#env, timeout: 60_000 });
    const place = netns === undefined ? [] : ["--netns", netns, "--host", "0.0.0.0"];
    const up = execFileSync(haRig, ["up", "--port", String(port), "--mqtt-port", String(mqttPort), ...place], {
      env: this.#env,
      encoding: "utf8",
      timeout: 150_000,
    });
    const made = JSON.parse(up) as { mqtt: string; url: string; config: string; token: string };
    this.mqtt = made.mqtt;
    this.url = made.url;
    this.config = made.config;
    this.token = made.token;
  }

  #call(...args: string[]): string {
    return execFileSync(haRig, args, { env: this.#env, encoding: "utf8", timeout: 90_000, maxBuffer: 32 << 20 });
  }

  #rows<T>(...args: string[]): T[] {
    return this.#call(...args)
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T);
  }

  states(pattern = ""): State[] {
    return this.#rows("states", ...(pattern === "" ? [] : [pattern]));
  }

  /** Entities whose unique id has this text. */
  entities(uniqueId = "lanwarden_"): RegistryEntity[] {
    return this.#rows<RegistryEntity>("entities").filter(({ unique_id: id }) => id.includes(uniqueId));
  }

  devices(): RegistryDevice[] {
    return this.#rows("devices");
  }

  ws(...commands: object[]): unknown[] {
    return this.#rows("ws", ...commands.map((command) => JSON.stringify(command)));
  }

  rest(method: string, path: string, body?: object): string {
    return this.#call("rest", method, path, ...(body === undefined ? [] : [JSON.stringify(body)]));
  }

  service(domain: string, service: string, data: object): void {
    this.rest("POST", `/api/services/${domain}/${service}`, data);
  }

  /** What reached the household's phone. */
  pushes(): Record<string, unknown>[] {
    return this.#rows<Record<string, unknown>>("calls").filter((call) => JSON.stringify(call).includes('"push'));
  }

  /** All that the household was asked to do since the start: switched, announced, spoken, pushed. */
  calls(): Call[] {
    return this.#rows<Call>("calls");
  }

  /** Taps an action of a notification on the household's phone. */
  tap(action: string): void {
    this.#call("tap", action);
  }

  /** What Assist answers. Does not block: whom it commands may run in this process. */
  async ask(text: string): Promise<string> {
    const command = JSON.stringify({ type: "conversation/process", text, language: "en" });
    const { stdout } = await promisify(execFile)(haRig, ["ws", command], { env: this.#env, timeout: 60_000 });
    const answer = JSON.parse(stdout) as { result?: { response: { speech: { plain: { speech: string } } } } };
    return answer.result?.response.speech.plain.speech ?? stdout;
  }

  restart(what: "ha" | "broker", ...options: string[]): void {
    this.#call("restart", what, ...options);
  }

  stop(what: "ha" | "broker"): void {
    this.#call("stop", what);
  }

  start(what: "ha" | "broker"): void {
    this.#call("start", what);
  }

  /** Warnings and errors in Home Assistant's log that are not the rig's own. `brokerStopped`: that it lost its broker was the test's doing. */
  complaints({ brokerStopped = false } = {}): string {
    const { stdout } = spawnSync(haRig, ["log"], { env: this.#env, encoding: "utf8", timeout: 30_000 });
    const lines = stdout.trim().split("\n");
    return lines.filter((line) => !(brokerStopped && BROKER_GONE.test(line))).join("\n");
  }

  down(): void {
    spawnSync(haRig, ["down"], { env: this.#env, timeout: 60_000 });
  }
}

/** Waits until a look finds something; throws with its name after the limit. Returns what was found and how long it took. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 20_000,
  stepMs = 100,
): Promise<{ found: T; ms: number }> {
  const begun = Date.now();
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return { found, ms: Date.now() - begun };
    if (Date.now() - begun > limitMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, stepMs));
  }
}

/** A figure for whoever reads the run. */
export const measured = (text: string): boolean => process.stderr.write(`measured: ${text}\n`);
