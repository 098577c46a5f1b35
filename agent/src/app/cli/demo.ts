import type { Command } from "commander";

/** `lanwarden demo`. */
export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("show a sample home: page, API and MQTT broker on this machine only")
    .option("--listen <address:port>", "where the page listens", "127.0.0.1:8470")
    .option("--mqtt <address:port>", "where the embedded broker listens", "127.0.0.1:1883")
    .option("--data <folder>", "data folder (default: a fresh temporary one)")
    .action(async (options: { listen: string; mqtt: string; data?: string }) => {
      const { runDemo } = await import("../demo.ts");
      await runDemo(options);
    });
}
