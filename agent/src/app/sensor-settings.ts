import type { Config } from "./config.ts";
import type { SensorSettings } from "./sensor-message.ts";

/** The sample home is the same each time. */
const DEMO_SEED = 7;

const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;

/** What of the configuration the sensor needs. Its hash seed is drawn anew at every start. */
export const sensorSettings = (config: Config): Omit<SensorSettings, "handled"> => ({
  sources: config.demo ? null : config.sources,
  demo: config.demo ? { seed: DEMO_SEED } : null,
  place: "sources",
  seed: randomSeed(),
  maxFlows: config.maxFlows,
  deduplicate: config.deduplicate,
  home: config.homeNetworks.map(({ text }) => text),
});
