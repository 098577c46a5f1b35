import type { FrameSink, Source, SourceContext, SourceKind } from "../capture/define.ts";
import { sources } from "../capture/registry.gen.ts";
import { AgentError } from "../core/errors.ts";
import type { RecordContext, RecordSink, RecordSourceKind } from "../records/define.ts";
import { recordSources } from "../records/registry.gen.ts";

const packetKinds = sources as readonly SourceKind<unknown>[];
const recordKinds = recordSources as unknown as readonly RecordSourceKind<unknown>[];

type Entry = Readonly<Record<string, unknown>>;
type Opener = (context: SourceContext, records: Records | undefined) => Source;

/** Where other programs' records go, and what their sources may use. */
export interface Records {
  readonly sink: RecordSink;
  readonly context: RecordContext;
}

/** The kind of records that an entry of `sources` reads; undefined where it captures packets. */
export const recordKindOf = (entry: Entry): RecordSourceKind<unknown> | undefined =>
  recordKinds.find(({ type }) => type === entry.type);

function openerOf(entry: Entry, place: string): Opener {
  const { type, ...rest } = entry;
  const packetKind = packetKinds.find((kind) => kind.type === type);
  const recordKind = recordKindOf(entry);
  try {
    if (packetKind) {
      const config = packetKind.parse(rest);
      return (context) => packetKind.open(config, context);
    }
    if (recordKind) {
      const config = recordKind.parse(rest);
      return (_context, records) => {
        if (records !== undefined) return openRecords(recordKind, config, records);
        throw new AgentError(
          "ERR_CONFIG_VALUE",
          `${place}: type ${recordKind.type} has records, not packets: there is no tap to look at`,
        );
      };
    }
  } catch (error) {
    if (error instanceof AgentError) throw new AgentError("ERR_CONFIG_VALUE", `${place}: ${error.message}`);
    throw error;
  }
  const allowed = [...packetKinds, ...recordKinds].map((kind) => kind.type).join(", ");
  throw new AgentError(
    "ERR_CONFIG_VALUE",
    `${place}.type: "${String(type)}" is no kind of source; allowed: ${allowed}`,
  );
}

/** Records run beside packets: the same life, another sink. */
function openRecords(kind: RecordSourceKind<unknown>, config: unknown, { sink, context }: Records): Source {
  const source = kind.open(config, context);
  return { counters: source.counters, run: (_frames: FrameSink, signal) => source.run(sink, signal) };
}

/** Checks the `sources` of a configuration without opening anything. Throws AgentError with the place at fault. */
export function checkSources(entries: readonly Entry[], path: string): void {
  for (const [i, entry] of entries.entries()) openerOf(entry, `${path}: sources[${i}]`);
}

/** True for a link that goes on by itself, false for a capture that is played. */
export const isLiveSource = (entry: Entry): boolean => entry.type !== "file";

/** True if packets come as they happen; files can be late, and can wait. */
export const goesByClock = (entry: Entry): boolean => entry.type !== "file" && entry.type !== "folder";

/** True where packets are seen, live: only there does silence prove that a device is silent. */
export const isLiveTap = (entry: Entry): boolean => goesByClock(entry) && recordKindOf(entry) === undefined;

/** What a source is called in reports: "interface:eth1". */
export function sourceName(entry: Entry): string {
  const detail =
    entry.host ?? entry.interface ?? entry.path ?? entry.listen ?? entry.connect ?? entry.url ?? entry.address;
  return detail === undefined ? String(entry.type) : `${String(entry.type)}:${String(detail)}`;
}

/** Opens one source of the configuration; `records` is left out by those who want packets only. */
export function openSource(entry: Entry, place: string, context: SourceContext, records?: Records): Source {
  return openerOf(entry, place)(context, records);
}
