import type { Command } from "commander";

/** `lanwarden config check FILE`. */
export function registerConfig(program: Command): void {
  const config = program.command("config").description("check a configuration");
  config
    .command("check")
    .description("validate a configuration; errors name the key, what is wrong and what is allowed")
    .argument("<file>", "the configuration, usually lanwarden.yaml")
    .action(async (file: string) => {
      const { readConfig } = await import("../config.ts");
      const { checkBackends } = await import("../backends.ts");
      const { checkSources } = await import("../sources.ts");
      const settings = readConfig(file);
      checkSources(settings.sources, file);
      checkBackends(settings.response.backends, file);
      process.stdout.write(
        `${file}: good. ${settings.sources.length} source${settings.sources.length === 1 ? "" : "s"}, page on http://${settings.http.host}:${settings.http.port}/\n`,
      );
    });
}
