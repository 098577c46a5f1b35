import { Command, CommanderError } from "commander";
import { AgentError } from "../core/errors.ts";
import { registerAnalyze } from "./cli/analyze.ts";
import { registerConfig } from "./cli/config.ts";
import { registerDemo } from "./cli/demo.ts";
import { registerDevices } from "./cli/devices.ts";
import { registerDoctor } from "./cli/doctor.ts";
import { registerIncidents } from "./cli/incidents.ts";
import { registerInit } from "./cli/init.ts";
import { registerIsolate } from "./cli/isolate.ts";
import { registerMatter } from "./cli/matter.ts";
import { registerRun } from "./cli/run.ts";
import { registerToken } from "./cli/token.ts";
import { reportBug } from "./crash.ts";
import { version } from "./version.ts";

/** The command line. Sets the exit status (CONTRACT §1): 0 ok, 1 a bug, 2 usage or unreadable input, 3 findings asked for by an option. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command("lanwarden")
    .description("Watches a home network from a mirror port: threats, risky devices and hidden mining.")
    .version(version, "-V, --version")
    .showHelpAfterError('(see "lanwarden --help")')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "lanwarden: ")) })
    .addHelpText(
      "after",
      "\nTry it without any hardware:  lanwarden demo\nLook into a capture:           lanwarden analyze capture.pcap",
    );
  for (const register of [
    registerDemo,
    registerRun,
    registerInit,
    registerAnalyze,
    registerDoctor,
    registerDevices,
    registerIncidents,
    registerIsolate,
    registerMatter,
    registerConfig,
    registerToken,
  ]) {
    register(program);
  }
  // Output piped into a program that ends early (head, less) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  // What escapes from a callback ends the program too, but never with a stack on the screen.
  process.on("uncaughtException", (error) => process.exit(exitCodeOf(error)));
  try {
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // What a command left open (a broker, a timer) must not keep a program alive that has failed.
    process.exit(exitCodeOf(error));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    const wasHelp = ["commander.help", "commander.helpDisplayed", "commander.version"].includes(error.code);
    return wasHelp ? 0 : 2;
  }
  if (error instanceof AgentError) {
    process.stderr.write(`lanwarden: ${error.message}\n`);
    return error.exitCode;
  }
  reportBug(error);
  return 1;
}
