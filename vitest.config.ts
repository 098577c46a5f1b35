import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["source"] } },
  resolve: { conditions: ["source"] },
  test: {
    include: ["agent/**/*.test.ts", "integration/**/*.test.ts", "scripts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "agent/test/home-assistant/**"],
    setupFiles: ["agent/test/property-seed.ts"],
    execArgv: ["--conditions=source"],
    testTimeout: 30_000,
    pool: "forks",
  },
});
