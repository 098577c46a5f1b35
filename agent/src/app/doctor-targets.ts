import { existsSync } from "node:fs";
import { presentInterfaces } from "../capture/sources/network-interface.ts";
import { AgentError } from "../core/errors.ts";
import { type Network, PRIVATE_NETWORKS } from "../core/ip.ts";
import { readConfig } from "./config.ts";
import { checkSources, sourceName } from "./sources.ts";

export interface DoctorOptions {
  readonly config: string | undefined;
  /** As in "interface:eth1", "file:home.pcapng". */
  readonly source: string | undefined;
  readonly seconds: number;
  readonly json: boolean;
}

/** One thing to look at. */
export interface DoctorTarget {
  readonly name: string;
  /** As in the configuration. */
  readonly entry: Readonly<Record<string, unknown>>;
  readonly place: string;
}

export interface DoctorTargets {
  readonly home: readonly Network[];
  readonly targets: readonly DoctorTarget[];
}

const DEFAULT_CONFIG = "lanwarden.yaml";

/** What the command line asks to look at: captures, one source, or those of a configuration. Throws AgentError when it asks for nothing. */
export function doctorTargets(captures: readonly string[], options: DoctorOptions): DoctorTargets {
  if (captures.length > 0 && options.source !== undefined) {
    throw new AgentError("ERR_USAGE", "--source and captures: give one or the other");
  }
  const file = options.config ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined);
  const needsConfig = captures.length === 0 && options.source === undefined;
  if (file === undefined && needsConfig) throw nothingToDo();
  // A configuration in the folder that nobody named must not stop a look at a capture.
  const config = file !== undefined && (needsConfig || options.config !== undefined) ? readConfig(file) : undefined;
  const home = config?.homeNetworks ?? PRIVATE_NETWORKS;
  if (captures.length > 0) return { home, targets: captures.map((path) => captureTarget(path)) };
  if (options.source !== undefined) return { home, targets: [sourceTarget(options.source)] };
  const entries = config?.sources ?? [];
  const path = file ?? DEFAULT_CONFIG;
  checkSources(entries, path);
  const targets = entries.map((entry, i) => ({ name: sourceName(entry), entry, place: `${path}: sources[${i}]` }));
  return { home, targets };
}

const captureTarget = (path: string): DoctorTarget => ({
  name: `file:${path}`,
  entry: { type: "file", path },
  place: "capture",
});

function sourceTarget(text: string): DoctorTarget {
  const cut = text.indexOf(":");
  const [type, value] = cut < 0 ? ["", text] : [text.slice(0, cut), text.slice(cut + 1)];
  if (type === "file" && value !== "") return captureTarget(value);
  if (type === "interface" && value !== "") {
    return { name: text, entry: { type: "interface", interface: value }, place: "--source" };
  }
  const mend = presentInterfaces().includes(text)
    ? `write --source interface:${text}`
    : "write interface:eth1 or file:PATH; other types of source: name a configuration that has them with --config";
  throw new AgentError("ERR_USAGE", `--source ${text}: ${mend}`);
}

const nothingToDo = (): AgentError =>
  new AgentError(
    "ERR_USAGE",
    `doctor needs something to look at: --source interface:NAME (there are: ${presentInterfaces().join(", ")}), a capture, or --config FILE`,
  );
