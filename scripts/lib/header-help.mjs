import { readFileSync } from "node:fs";

/** `--help` of a script: prints the comment that it begins with, and ends. `url`: import.meta.url of the script. */
export function helpFromHeader(url) {
  if (!process.argv.slice(2).some((word) => word === "--help" || word === "-h")) return;
  const lines = readFileSync(new URL(url), "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  console.log(
    lines
      .slice(0, end)
      .map((line) => line.slice(3))
      .join("\n"),
  );
  process.exit(0);
}
