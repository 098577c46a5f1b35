import type { HomeAssistantActions } from "@lanwarden/contract/home-assistant";
import type { IsolationLevel } from "@lanwarden/contract/isolation";
import type { TSchema } from "typebox";

/** Whom a back-end shuts off. */
export interface IsolationTarget {
  /** Id of the device. */
  readonly device: string;
  readonly mac: string | null;
  /** Present addresses, newest first. */
  readonly ips: readonly string[];
  readonly name: string;
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
  /** What `apply` would do, in one sentence, for a dry run. */
  plan(target: IsolationTarget): string;
  /** Why it cannot hold this device ("no MAC is known"); undefined when it can. */
  cannot(target: IsolationTarget): string | undefined;
  /** Shuts the device off, also under addresses that it had not when it was applied before. */
  apply(target: IsolationTarget): Promise<void>;
  revert(target: IsolationTarget): Promise<void>;
  /** Reads back from the router which of these it holds, plus every entry that carries our mark: the keys that {@link keyOf} gives. */
  list(): Promise<ReadonlySet<string>>;
  /** Under which key of {@link list} the target is held. */
  keyOf(target: IsolationTarget): string;
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
