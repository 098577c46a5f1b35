#!/usr/bin/env -S node --conditions=source
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
