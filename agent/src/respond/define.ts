import type { HomeAssistantActions } from "@lanwarden/contract/home-assistant";
import type { IsolationLevel } from "@lanwarden/contract/isolation";
import type { TSchema } from "typebox";

/** Whom a back-end shuts off. */
export interface IsolationTarget {
  /** Id of the device. */
  readonly device: string;
  /** Lower case, with colons. */
  readonly mac: string | null;
  /** Present addresses, newest first. */
  readonly ips: readonly string[];
  readonly name: string;
}

/** One thing on the router that carries our mark. */
export interface BackendEntry {
  /** Id of the device that it was made for. */
  readonly device: string;
  /** What it shuts off: a MAC, an address, or a name of the back-end's own. */
  readonly key: string;
}

/**
 * A place where devices are shut off. Every call may be repeated: `apply` of what is applied and `revert` of what is not are no errors. They
 * reject with an Error whose message is one line for people, within their own time limit (a few seconds). No shell: argv or HTTP only.
 */
export interface Backend {
  readonly type: string;
  /** For people and the journal; tells two of the same type apart: "nftables inet". */
  readonly name: string;
  readonly level: IsolationLevel;
  /** Why it cannot be used now, in words; undefined when it can. */
  notReady(): Promise<string | undefined>;
  /** What `apply` would do, as the end of "would …", for a dry run. */
  plan(target: IsolationTarget): string;
  /** Why it cannot hold this device ("no MAC is known"); undefined when it can. */
  cannot(target: IsolationTarget): string | undefined;
  /** Keys of the entries that `apply` makes for this target: the device is held when all of them are in {@link list}. */
  keysOf(target: IsolationTarget): readonly string[];
  /** Shuts the device off under exactly these addresses: entries of addresses that it no longer has are taken away. */
  apply(target: IsolationTarget): Promise<void>;
  /** Takes away every entry of the device, whatever its addresses were. */
  revert(target: IsolationTarget): Promise<void>;
  /**
   * Reads back from the router every entry that carries our mark and has effect. `targets`: those that should be held, for a router that knows no
   * marks and must be asked for each.
   */
  list(targets: readonly IsolationTarget[]): Promise<readonly BackendEntry[]>;
  close(): Promise<void>;
}

export interface BackendContext {
  readonly homeAssistant: HomeAssistantActions | undefined;
  warn(message: string): void;
}

/** A kind of back-end: one file in respond/backends each. `schema`: its keys in `response.backends`, beside `type`. */
export interface BackendKind<Config> {
  readonly type: string;
  readonly schema: TSchema;
  /** `place`: "lanwarden.yaml: response.backends[0]", for messages. Throws AgentError when the entry makes no sense. */
  open(config: Config, place: string, context: BackendContext): Backend;
}

export const defineBackend = <Config>(kind: BackendKind<Config>): BackendKind<Config> => kind;
