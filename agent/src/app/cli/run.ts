import type { Command } from "commander";

/** `lanwarden run`. */
export function registerRun(program: Command): void {
  program
    .command("run")
    .description("the service: live tap to Home Assistant")
    .option("-c, --config <file>", "configuration", "lanwarden.yaml")
    .action(async (options: { config: string }) => {
      const { runService } = await import("../service.ts");
      await runService(options.config);
    });
}
