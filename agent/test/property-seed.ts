import { configureGlobal } from "fast-check";

/**
 * Property tests take the same cases in every run, so that a red run tells of the change and not of luck. `npm run fuzz` draws new ones each
 * time; a failure prints its seed, and PROPERTY_SEED=<seed> repeats it.
 */
const asked = process.env.PROPERTY_SEED;
if (asked !== "random") configureGlobal({ seed: Number(asked ?? 20_261_122) });
