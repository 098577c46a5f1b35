import Type from "typebox";
import { AgentError } from "../../core/errors.ts";
import { type Backend, type BackendEntry, defineBackend, type IsolationTarget } from "../define.ts";
import {
  applyScript,
  DEVICE_ID,
  type NftFamily,
  type NftState,
  type NftTable,
  nftKeys,
  parseTable,
  revertScript,
} from "../nft-script.ts";
import { type CommandEnd, runCommand } from "../run-command.ts";

/** nft needs some ten milliseconds here, and a second by ssh to a small router. */
const LIMIT_MS = 5000;

export interface NftablesConfig {
  family: NftFamily;
  table?: string;
  name?: string;
  sudo?: boolean;
  command?: string[];
}

/** The firewall of Linux: on this machine, when it is the router or a bridge in the way, or on another one by ssh. */
export const nftables = defineBackend<NftablesConfig>({
  type: "nftables",
  schema: Type.Object(
    {
      family: Type.Enum(["inet", "bridge"], { description: "inet (a router) | bridge (frames pass through it)" }),
      table: Type.Optional(
        Type.String({ pattern: "^[a-z][a-z0-9_-]{0,30}$", description: "name of our table, by default lanwarden" }),
      ),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 48, description: "what it is called for people" })),
      sudo: Type.Optional(Type.Boolean({ description: "run nft by sudo -n" })),
      command: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
          minItems: 1,
          maxItems: 32,
          description: "program and arguments instead of nft, as in [ssh, root@192.168.1.1, nft]",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  open(config, place) {
    if (config.sudo === true && config.command !== undefined)
      throw new AgentError("ERR_BACKEND", `${place}: sudo and command exclude each other: put sudo into command`);
    return new Nftables(config);
  },
});

class Nftables implements Backend {
  readonly type = "nftables";
  readonly name: string;
  readonly level;
  readonly #table: NftTable;
  readonly #command: readonly string[];

  constructor({ family, table = "lanwarden", name, sudo = false, command }: NftablesConfig) {
    this.#table = { family, name: table };
    this.#command = command ?? (sudo ? ["sudo", "-n", "nft"] : ["nft"]);
    this.name = name ?? `nftables ${family}${table === "lanwarden" ? "" : ` ${table}`}`;
    this.level = family === "bridge" ? ("l2" as const) : ("wan" as const);
  }

  async notReady(): Promise<string | undefined> {
    const end = await this.#run(["list", "tables", this.#table.family]);
    return end.status === 0 ? undefined : this.#explain(end);
  }

  plan({ name, ...target }: IsolationTarget): string {
    const keys = nftKeys(this.#table.family, target).join(", ");
    const what = this.level === "l2" ? "everybody else" : "the internet";
    return `drop every packet between ${name} (${keys}) and ${what}`;
  }

  cannot(target: IsolationTarget): string | undefined {
    if (!DEVICE_ID.test(target.device)) return "its id cannot be written into the firewall";
    if (this.keysOf(target).length > 0) return undefined;
    return this.#table.family === "bridge" ? "no MAC of it is known" : "neither MAC nor address of it is known";
  }

  keysOf(target: IsolationTarget): readonly string[] {
    return nftKeys(this.#table.family, target);
  }

  async apply(target: IsolationTarget): Promise<void> {
    const { entries } = await this.#read();
    await this.#change(applyScript(this.#table, target.device, this.keysOf(target), entries));
  }

  async revert(target: IsolationTarget): Promise<void> {
    const { entries } = await this.#read();
    const keys = entries.filter(({ device }) => device === target.device).map(({ key }) => key);
    if (keys.length > 0) await this.#change(revertScript(this.#table, keys));
  }

  async list(): Promise<readonly BackendEntry[]> {
    const { entries, isWhole } = await this.#read();
    return isWhole ? entries : [];
  }

  /** Nothing is taken away: what is isolated stays so while Lanwarden is down. */
  async close(): Promise<void> {}

  async #read(): Promise<NftState> {
    const end = await this.#run(["-j", "list", "table", this.#table.family, this.#table.name]);
    if (end.status !== 0) {
      if (/No such file or directory/.test(end.complaint)) return { entries: [], isWhole: false };
      throw new Error(this.#explain(end));
    }
    try {
      return parseTable(this.#table.family, end.stdout);
    } catch {
      throw new Error(`${this.#command.join(" ")} answered with something else than JSON`);
    }
  }

  async #change(script: string): Promise<void> {
    const end = await this.#run(["-f", "-"], script);
    if (end.status !== 0) throw new Error(this.#explain(end));
  }

  #run(args: readonly string[], input = ""): Promise<CommandEnd> {
    return runCommand([...this.#command, ...args], input, LIMIT_MS);
  }

  #explain({ spawnError, status, complaint }: CommandEnd): string {
    const program = this.#command[0] ?? "nft";
    if (spawnError === "ENOENT") {
      return program === "nft"
        ? 'nft is not installed: run "sudo apt install nftables"'
        : `${program} is not installed`;
    }
    if (/not permitted|must be root/i.test(complaint))
      return "nft may not be used: run Lanwarden as root, give it CAP_NET_ADMIN, or set sudo: true";
    if (status === null)
      return `${program} did not answer within ${LIMIT_MS / 1000} s${spawnError ? ` (${spawnError})` : ""}`;
    return `${program} says: ${complaint || `exit status ${status}`}`;
  }
}
