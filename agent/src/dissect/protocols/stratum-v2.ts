import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** The two messages of Noise_NX: the miner's key, encoded to look random; the pool's key, its static key and certificate, sealed. */
const MINER_OCTETS = 64;
const POOL_OCTETS = 234;

export const stratumV2 = defineSignature({
  name: "stratum-v2",
  label: "Mining",
  category: "Mining",
  transport: ["tcp"],
  // Ports of the reference pool, its proxies and of Braiins. Nothing but lengths is in clear, so that it is asked here only.
  ports: [34254, 34255, 34265, 3336],
  firstOctets: [],
  source: "Stratum V2 specification §4.5 (Noise handshake: acts 1 and 2)",
  probe: ({ off, end, toServer }) => {
    const octets = end - off;
    // The miner's message alone says nothing; the pool's answer of just this length settles it.
    if (toServer) return octets <= MINER_OCTETS ? PROBE_MORE : PROBE_NO;
    if (octets < POOL_OCTETS) return PROBE_MORE;
    return octets === POOL_OCTETS ? PROBE_YES : PROBE_NO;
  },
});
