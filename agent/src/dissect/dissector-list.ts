import type { AnyDissector } from "./dispatch.ts";
import { askForBodies } from "./http-bodies.ts";
import { dissectors } from "./registry.gen.ts";
import type { SensorOptions } from "./sensor-options.ts";

/** The dissectors that a sensor runs: those of the registry, unless it is given others. */
export function dissectorsFor(options: SensorOptions): readonly AnyDissector[] {
  // They differ in event and state; the engine hands both through without looking.
  const specs = options.dissectors ?? (dissectors as unknown as readonly AnyDissector[]);
  return options.httpBodies === true ? askForBodies(specs) : specs;
}
