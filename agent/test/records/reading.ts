import { Home } from "../../src/app/home.ts";
import { parseNetwork } from "../../src/core/ip.ts";
import type { SensorEvent, SensorEventMap } from "../../src/dissect/event.ts";
import { LearnedNames } from "../../src/dissect/learned-names.ts";
import type { RecordContext } from "../../src/records/define.ts";

export const NETWORKS = ["192.168.178.0/24", "fd00::/8", "fe80::/10"].map(parseNetwork);

/** What a source of records may use, in a test; warnings are kept. */
export function recordContext(): RecordContext & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return {
    warnings,
    warn: (message) => void warnings.push(message),
    isHome: (ip) => ip.startsWith("192.168.178."),
    seed: 7,
    names: new LearnedNames(),
  };
}

/** Data of the events with this name. */
export const dataOf = <N extends keyof SensorEventMap>(events: readonly SensorEvent[], name: N): SensorEventMap[N][] =>
  events.filter((event) => event.name === name).map(({ data }) => data as SensorEventMap[N]);

/** "kind" of every incident that a home makes of the events, sorted. */
export function kindsOf(events: readonly SensorEvent[]): string[] {
  const home = new Home({ networks: NETWORKS, gateway: undefined, declared: [], detections: {} });
  for (const event of events) home.handle(event);
  home.finish();
  return [...new Set(home.incidents().map(({ kind }) => kind))].sort();
}
