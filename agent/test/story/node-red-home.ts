import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { packNodes, redJs } from "../node-red/rig.ts";
import { until } from "./api.ts";
import type { StoryHome } from "./story-home.ts";

const VERSION = "5.0.7";

/** Why the story cannot have a Node-RED; printed, undefined when it can. */
export function noNodeRed(): string | undefined {
  if (existsSync(redJs(VERSION))) return undefined;
  const reason = `Node-RED ${VERSION} is not here: node scripts/node-red-rig.mjs`;
  process.stderr.write(`skipped: the evening story, because ${reason}\n`);
  return reason;
}

interface Message {
  at: number;
  topic: string;
  title: string;
}

/** A Node-RED on the LAN with a flow that writes each incident down. */
export class NodeRedHome {
  readonly #home: StoryHome;
  readonly #folder: string;
  readonly #socket: string;
  readonly #heard: string;

  constructor(home: StoryHome) {
    this.#home = home;
    this.#folder = join(home.folder, "node-red");
    this.#socket = join(home.folder, "node-red.sock");
    this.#heard = join(this.#folder, "heard.jsonl");
  }

  /** Installs the package as a user does, starts Node-RED and deploys the flow. */
  async start(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, "package.json"), JSON.stringify({ name: "flows", private: true }));
    const settings = { uiPort: 1880, uiHost: "127.0.0.1", credentialSecret: "story", telemetry: { enabled: false } };
    writeFileSync(join(this.#folder, "settings.js"), `module.exports = ${JSON.stringify(settings)};`);
    writeFileSync(this.#heard, "");
    const packed = packNodes();
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--offline", packed.archive], {
      cwd: this.#folder,
      stdio: "pipe",
    });
    rmSync(packed.folder, { recursive: true, force: true });
    this.#home.net.start("nodered", [process.execPath, redJs(VERSION), "--userDir", this.#folder]);
    this.#home.script("nodered", "tunnel.mjs", this.#socket, "127.0.0.1", "1880");
    await until("Node-RED", async () => (await this.#ask("GET", "/nodes")) === 200, 60_000);
    const status = await this.#ask("POST", "/flows", { flows: this.#flow() });
    if (status !== 200) throw new Error(`Node-RED did not take the flow: ${status}`);
  }

  #flow(): object[] {
    const token = readFileSync(join(this.#home.folder, "data/admin-token"), "utf8").trim();
    const note =
      "msg.payload = JSON.stringify({ at: Date.now(), topic: msg.topic, title: msg.payload.title }); return msg;";
    return [
      { id: "tab", type: "tab", label: "Story" },
      {
        id: "agent",
        type: "lanwarden-agent",
        name: "",
        address: `http://${this.#home.agentIp}:8470`,
        credentials: { token },
      },
      { id: "in", type: "lanwarden-incident", z: "tab", agent: "agent", x: 100, y: 100, wires: [["note"]] },
      { id: "note", type: "function", z: "tab", func: note, outputs: 1, x: 300, y: 100, wires: [["file"]] },
      {
        id: "file",
        type: "file",
        z: "tab",
        filename: this.#heard,
        filenameType: "str",
        appendNewline: true,
        overwriteFile: "false",
        x: 500,
        y: 100,
        wires: [[]],
      },
    ];
  }

  #ask(method: string, path: string, body?: object): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { accept: "application/json", "content-type": "application/json", "node-red-api-version": "v2" };
      const asked = request({ socketPath: this.#socket, method, path, headers }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
      });
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The first message since a time that fits; waits for it. */
  message(what: string, sinceMs: number, fits: (message: Message) => boolean): Promise<Message> {
    return until(`${what} in Node-RED`, async () =>
      readFileSync(this.#heard, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Message)
        .find((message) => message.at >= sinceMs && fits(message)),
    );
  }
}
