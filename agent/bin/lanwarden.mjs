#!/usr/bin/env -S node --conditions=source --max-semi-space-size=8 --heap-growing-percent=60
// The last two keep memory small: by default the heap may grow to four times of what is alive before it is tidied, on a board with 2 GB.
// Starts the command line. Plain JavaScript, so that a Node that is too old says so instead of failing on a type.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `lanwarden needs Node.js 24 or newer, this is ${process.version}: run it through npm ("npx lanwarden"), which brings its own\n`,
  );
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  const { main } = await import("../src/app/main.ts");
  await main(process.argv.slice(2));
}
