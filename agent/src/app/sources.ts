import type { Source, SourceContext, SourceKind } from "../capture/define.ts";
import { sources } from "../capture/registry.gen.ts";
import { AgentError } from "../core/errors.ts";

const kinds = sources as readonly SourceKind<unknown>[];

function kindOf(entry: Readonly<Record<string, unknown>>, place: string): SourceKind<unknown> {
  const kind = kinds.find((candidate) => candidate.type === entry.type);
  if (kind) return kind;
  throw new AgentError(
    "ERR_CONFIG_VALUE",
    `${place}.type: "${String(entry.type)}" is no kind of source; allowed: ${kinds.map(({ type }) => type).join(", ")}`,
  );
}

function parseSource(
  entry: Readonly<Record<string, unknown>>,
  place: string,
): { kind: SourceKind<unknown>; config: unknown } {
  const kind = kindOf(entry, place);
  const { type: _, ...rest } = entry;
  try {
    return { kind, config: kind.parse(rest) };
  } catch (error) {
    if (error instanceof AgentError) throw new AgentError("ERR_CONFIG_VALUE", `${place}: ${error.message}`);
    throw error;
  }
}

/** Checks the `sources` of a configuration without opening anything. Throws AgentError with the place at fault. */
export function checkSources(entries: readonly Readonly<Record<string, unknown>>[], path: string): void {
  for (const [i, entry] of entries.entries()) parseSource(entry, `${path}: sources[${i}]`);
}

/** True for a link that goes on by itself, false for a capture that is played. */
export const isLiveSource = (entry: Readonly<Record<string, unknown>>): boolean => entry.type !== "file";

/** What a source is called in reports: "interface:eth1". */
export function sourceName(entry: Readonly<Record<string, unknown>>): string {
  const detail = entry.interface ?? entry.path ?? entry.listen ?? entry.address;
  return detail === undefined ? String(entry.type) : `${String(entry.type)}:${String(detail)}`;
}

/** Opens one source of the configuration. */
export function openSource(entry: Readonly<Record<string, unknown>>, place: string, context: SourceContext): Source {
  const { kind, config } = parseSource(entry, place);
  return kind.open(config, context);
}
