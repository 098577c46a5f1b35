// npm run build:native: compiles the optional fast capture (agent/native/af-packet) for this machine, with the C compiler and the headers of
// Node that are here; downloads nothing. Without it Lanwarden captures by tcpdump or dumpcap.
//   --out FILE   put it there instead of where Lanwarden looks for it
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { helpFromHeader } from "./lib/header-help.mjs";

const FOLDER = join(import.meta.dirname, "..", "agent", "native", "af-packet");
/** Every bound is checked by hand; the compiler checks what it can besides. */
const FLAGS = [
  "-std=gnu11",
  "-O2",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-fPIC",
  "-fvisibility=hidden",
  "-fstack-protector-strong",
  "-D_FORTIFY_SOURCE=2",
  "-shared",
  "-Wl,-z,relro,-z,now",
];

helpFromHeader(import.meta.url);
const { values: options } = parseArgs({ options: { out: { type: "string" } } });
if (process.platform !== "linux") fail("the fast capture is for Linux: dumpcap or tcpdump captures here");
const headers = [
  join(dirname(process.execPath), "..", "include", "node"),
  "/usr/include/node",
  "/usr/local/include/node",
];
const include = headers.find((folder) => existsSync(join(folder, "node_api.h")) && existsSync(join(folder, "uv.h")));
if (!include)
  fail(`the headers of Node are in none of ${headers.join(", ")}: install Node from nodejs.org or libnode-dev`);
const compiler = process.env.CC ?? "cc";
const target = options.out ?? join(FOLDER, "build", "af-packet.node");
mkdirSync(dirname(target), { recursive: true });
const made = spawnSync(compiler, [...FLAGS, `-I${include}`, "-o", `${target}.new`, join(FOLDER, "af-packet.c")], {
  stdio: ["ignore", "inherit", "inherit"],
});
if (made.error) fail(`${compiler} cannot be run: install a C compiler, as in "sudo apt-get install build-essential"`);
if (made.status !== 0) fail("it does not compile here; see above");
// In one step: an agent that runs has the old file open.
renameSync(`${target}.new`, target);
console.log(`${target} is built: sources of type interface use it where they may (docs/guides/tap.md, "Fast capture")`);

function fail(message) {
  console.error(`build:native: ${message}`);
  process.exit(1);
}
