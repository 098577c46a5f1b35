import { defineConfig } from "vitest/config";

/**
 * Tests against real counterparts (Home Assistant, a Matter controller, Node-RED, a home of network namespaces): slow, as root, one after the other.
 * `npm run test:ha` and the like name the folder.
 */
export default defineConfig({
  ssr: { resolve: { conditions: ["source"] } },
  resolve: { conditions: ["source"] },
  test: {
    include: ["home-assistant", "matter", "node-red", "story"].map((folder) => `agent/test/${folder}/**/*.test.ts`),
    execArgv: ["--conditions=source"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    pool: "forks",
  },
});
