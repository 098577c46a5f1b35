// Installs the versions of Node-RED that the nodes are tested against, each into a folder of its own under the cache, so that `npm ci` stays light.
// Says nothing when all are there.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const VERSIONS = ["4.1.15", "5.0.7"];
const rigs = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lanwarden-rigs");

for (const version of VERSIONS) {
  const folder = join(rigs, `node-red-${version}`);
  if (installedVersion(folder) !== version) install(version, folder);
}

/** undefined while it is not there, or not whole: the mark is written last. */
function installedVersion(folder) {
  if (!existsSync(join(folder, "complete"))) return undefined;
  return JSON.parse(readFileSync(join(folder, "node_modules/node-red/package.json"), "utf8")).version;
}

function install(version, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  // No scripts: the optional native bcrypt is replaced by Node-RED's JavaScript one.
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--omit=optional"];
  const { status, stderr } = spawnSync("npm", ["install", ...flags, `node-red@${version}`], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) {
    console.error(`node-red-rig: npm could not install node-red@${version} into ${folder}\n${stderr}`);
    process.exit(1);
  }
  writeFileSync(join(folder, "complete"), "");
}
