// JA4 of recorded hellos against FoxIO's own values. The score tool looks for the ends of a flow as `client`, while these cases name them `src` and
// `sport`: it never finds one, so they are compared here.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** "right/asked" over the flows of the corpus folder that have a JA4; `command` runs Lanwarden. Misses go to standard output. */
export function ja4Figure(corpus, command) {
  const { cases } = JSON.parse(readFileSync(join(corpus, "manifest.json"), "utf8"));
  const asked = cases.filter(({ expected }) => expected.flows?.some(isAsked));
  const out = mkdtempSync(join(tmpdir(), "lanwarden-ja4-"));
  const [program, ...args] = [...command, "analyze", "--no-progress", "--each", "--out", out];
  spawnSync(program, [...args, ...asked.map(({ file }) => join(corpus, file))], { stdio: "ignore" });
  let right = 0;
  let all = 0;
  for (const { file, expected } of asked) {
    const said = ja4ByEnd(join(out, basename(file), "eve.json"));
    for (const flow of expected.flows.filter(isAsked)) {
      all++;
      if (said.get(`${flow.src} ${flow.sport}`)?.has(flow.ja4)) right++;
      else console.log(`quality: ${file}: JA4 ${flow.ja4} of ${flow.src}:${flow.sport} was not said`);
    }
  }
  rmSync(out, { recursive: true, force: true });
  return `${right}/${all}`;
}

const isAsked = (flow) => flow.ja4 !== undefined && flow.src !== undefined;

/** JA4s by either end of their flow: which end the hello came from is told apart by port. */
function ja4ByEnd(path) {
  const said = new Map();
  if (!existsSync(path)) return said;
  for (const line of readFileSync(path, "utf8").trim().split("\n")) {
    const record = JSON.parse(line);
    const ja4 = record.tls?.ja4 ?? record.quic?.ja4;
    if (ja4 === undefined) continue;
    for (const end of [`${record.src_ip} ${record.src_port}`, `${record.dest_ip} ${record.dest_port}`])
      said.set(end, (said.get(end) ?? new Set()).add(ja4));
  }
  return said;
}
