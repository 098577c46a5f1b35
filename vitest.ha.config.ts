import { defineConfig } from "vitest/config";

/** Tests against a real Home Assistant, broker and network: slow, as root, one after the other. */
export default defineConfig({
  ssr: { resolve: { conditions: ["source"] } },
  resolve: { conditions: ["source"] },
  test: {
    include: ["agent/test/home-assistant/**/*.test.ts"],
    execArgv: ["--conditions=source"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    pool: "forks",
  },
});
