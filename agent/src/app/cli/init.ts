import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { AgentError } from "../../core/errors.ts";
import { sampleConfig } from "../sample-config.ts";

/** `lanwarden init`. */
export function registerInit(program: Command): void {
  program
    .command("init")
    .description("write a commented sample configuration")
    .argument("[file]", "where to", "lanwarden.yaml")
    .option("--force", "replace a file that exists")
    .action((file: string, options: { force?: boolean }) => {
      try {
        writeFileSync(file, sampleConfig, { flag: options.force ? "w" : "wx", mode: 0o640 });
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
        const mend = code === "EEXIST" ? "it exists already; --force replaces it" : `cannot be written (${code})`;
        throw new AgentError("ERR_INIT", `${file}: ${mend}`);
      }
      process.stdout.write(
        `Wrote ${file}. Set the interface of your mirror port in it, then: lanwarden run --config ${file}\n`,
      );
    });
}
