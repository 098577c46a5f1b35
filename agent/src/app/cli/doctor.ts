import { type Command, InvalidArgumentError } from "commander";

const LONGEST_SECONDS = 86_400;

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= LONGEST_SECONDS))
    throw new InvalidArgumentError(`write a number of seconds, 1 to ${LONGEST_SECONDS}`);
  return number;
}

/** `lanwarden doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look whether the tap really shows the home, and say what to change when it does not")
    .argument("[capture...]", "captures to look at instead of a live tap (- for standard input)")
    .option("-c, --config <file>", "configuration whose sources are looked at (default: lanwarden.yaml if it is there)")
    .option("--source <source>", "interface:NAME or file:PATH, without a configuration")
    .option("--seconds <number>", "how long to listen to a live tap", seconds, 30)
    .option("--json", "for machines")
    .addHelpText(
      "after",
      "\nExit status: 0 healthy, 3 something is wrong or too little was seen, 2 it could not be looked at.",
    )
    .action(
      async (captures: string[], options: { config?: string; source?: string; seconds: number; json?: boolean }) => {
        const { doctor } = await import("../doctor.ts");
        process.exitCode = await doctor(captures, {
          config: options.config,
          source: options.source,
          seconds: options.seconds,
          json: options.json === true,
        });
      },
    );
}
