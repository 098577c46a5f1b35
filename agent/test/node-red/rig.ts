import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const rigs = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lanwarden-rigs");
const nodesFolder = join(root, "node-red-nodes");

/** Versions that the nodes are for, and the port on which each is tried. */
export const VERSIONS = [
  { version: "4.1.15", port: 18961 },
  { version: "5.0.7", port: 18962 },
] as const;

/** Path of the program of an installed Node-RED. */
export const redJs = (version: string): string => join(rigs, `node-red-${version}`, "node_modules/node-red/red.js");

/** Why tests cannot run here, printed; undefined when they can. */
export function noNodeRed(): string | undefined {
  const missing = VERSIONS.find(({ version }) => !existsSync(redJs(version)));
  const reason = missing ? `Node-RED ${missing.version} is not here: node scripts/node-red-rig.mjs` : undefined;
  if (reason !== undefined) process.stderr.write(`skipped: Node-RED, because ${reason}\n`);
  return reason;
}

export type FlowNode = Record<string, unknown> & { id: string; type: string };

/** One of the examples that travel with the package. */
export const example = (name: string): FlowNode[] =>
  JSON.parse(readFileSync(join(nodesFolder, "examples", `${name}.json`), "utf8")) as FlowNode[];

/** Builds the package and packs it as for publishing. Returns the path of the archive; its folder is the caller's to remove. */
export function packNodes(): { archive: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-pack-"));
  execFileSync(process.execPath, [join(nodesFolder, "build.mjs")]);
  const command = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const out = execFileSync("npm", command, { cwd: nodesFolder, encoding: "utf8", stdio: "pipe" });
  const packed: unknown = JSON.parse(out);
  const [first] = (Array.isArray(packed) ? packed : Object.values(packed as object)) as { filename: string }[];
  return { archive: join(folder, first!.filename.replace(/^@/, "").replace("/", "-")), folder };
}

/** A real Node-RED without a screen, with a user folder of its own and its context on disk. */
export class NodeRed {
  readonly url: string;
  readonly #version: string;
  readonly #port: number;
  /** Made by {@link install}, so that a test that is left out leaves nothing behind. */
  #folder = "";
  #child: ChildProcess | undefined;
  #log = "";

  constructor(version: string, port: number) {
    this.#version = version;
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
  }

  get log(): string {
    return this.#log;
  }

  /** As a user does who has downloaded the archive. */
  install(archive: string): void {
    this.#folder = mkdtempSync(join(tmpdir(), "lanwarden-node-red-"));
    const settings = {
      uiPort: this.#port,
      uiHost: "127.0.0.1",
      credentialSecret: "test",
      telemetry: { enabled: false, updateNotification: false },
      externalModules: { palette: { allowInstall: false } },
      contextStorage: { default: { module: "localfilesystem", config: { flushInterval: 1 } } },
      editorTheme: { tours: false, projects: { enabled: false } },
      logging: { console: { level: "warn", metrics: false, audit: false } },
    };
    writeFileSync(join(this.#folder, "settings.js"), `module.exports = ${JSON.stringify(settings)};`);
    writeFileSync(join(this.#folder, "package.json"), JSON.stringify({ name: "flows", private: true }));
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--offline"];
    execFileSync("npm", ["install", ...flags, archive], { cwd: this.#folder, stdio: "pipe" });
  }

  async start(): Promise<void> {
    // Node-RED users may run an older Node.js than we do.
    const child = spawn(
      process.env.NODE_RED_NODE ?? process.execPath,
      [redJs(this.#version), "--userDir", this.#folder],
      {
        cwd: this.#folder,
        env: { PATH: process.env.PATH, HOME: this.#folder },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-100_000);
      });
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`Node-RED ended:\n${this.#log}`);
      return (await fetch(`${this.url}/nodes`, { headers: { accept: "application/json" } })).ok;
    }, 60_000);
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    if (this.#folder !== "") rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Replaces all flows. */
  async deploy(flows: readonly FlowNode[], type: "full" | "nodes" = "full"): Promise<void> {
    const headers = {
      "content-type": "application/json",
      "node-red-api-version": "v2",
      "node-red-deployment-type": type,
    };
    const answer = await fetch(`${this.url}/flows`, { method: "POST", headers, body: JSON.stringify({ flows }) });
    if (!answer.ok) throw new Error(`deploy: ${answer.status} ${await answer.text()}`);
  }

  async ask<Answer>(path: string, body?: unknown): Promise<Answer> {
    const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const headers = { accept: "application/json", "content-type": "application/json" };
    return (await fetch(this.url + path, { ...options, headers })).json() as Promise<Answer>;
  }
}

export interface Heard {
  path: string;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Takes what flows send by HTTP, as Home Assistant would. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly #server: Server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      this.heard.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(text || "{}") });
      this.heard.sort((a, b) => Number(a.body.order ?? 0) - Number(b.body.order ?? 0));
      response.end("[]");
    });
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Waits until something holds; what it throws meanwhile counts as no, but is told at the end. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  let trouble: unknown;
  for (;;) {
    try {
      if (await holds()) return;
      trouble = undefined;
    } catch (error) {
      trouble = error;
      if (error instanceof Error && error.message.startsWith("Node-RED ended")) throw error;
    }
    if (Date.now() > end) throw new Error(`not within ${ms} ms`, { cause: trouble });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
