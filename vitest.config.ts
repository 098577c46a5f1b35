import { defineConfig } from "vitest/config";

/** Tests against real counterparts have a configuration of their own. */
const slow = ["home-assistant", "matter", "node-red", "story"].map((folder) => `agent/test/${folder}/**`);

export default defineConfig({
  ssr: { resolve: { conditions: ["source"] } },
  resolve: { conditions: ["source"] },
  test: {
    include: ["agent/**/*.test.ts", "integration/**/*.test.ts", "node-red-nodes/**/*.test.ts", "scripts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", ...slow],
    setupFiles: ["agent/test/property-seed.ts"],
    execArgv: ["--conditions=source"],
    testTimeout: 30_000,
    pool: "forks",
  },
});
