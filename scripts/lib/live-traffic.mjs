// What the live benchmark sends, and by which program.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInstalled } from "./bench-measure.mjs";

const SHARED = join(import.meta.dirname, "..", "..", "..", "shared");
const FOLDER = join(tmpdir(), "lanwarden-bench");
/** Copies of the corpus in the mix: some 270 MB, over two seconds of a gigabit link before it repeats. */
const COPIES = 28;

/** A mix of all protocols of the corpus with addresses of 198.18.0.0/15; the sample home where there is no corpus. */
export async function mixCapture() {
  const path = join(FOLDER, `mix-${COPIES}.pcap`);
  if (existsSync(path)) return path;
  const source = join(SHARED, "tools", "bench", "mkbench.c");
  const corpus = join(SHARED, "corpus", "protocols");
  if (
    existsSync(source) &&
    existsSync(corpus) &&
    isInstalled("cc") &&
    isInstalled("editcap") &&
    makeMix(source, corpus, path)
  )
    return path;
  console.log("the mix is the sample home: there is no corpus here, or no C compiler, or no editcap");
  const { benchCaptures } = await import("./bench-captures.mjs");
  return benchCaptures()[0];
}

export async function smallCapture() {
  const { benchCaptures } = await import("./bench-captures.mjs");
  return benchCaptures()[1];
}

function makeMix(source, corpus, path) {
  mkdirSync(FOLDER, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "lanwarden-mix-"));
  const tool = join(work, "mkbench");
  const captures = readdirSync(corpus, { recursive: true })
    .filter((name) => /\.(pcap|pcapng|cap)$/.test(name))
    .sort()
    .map((name, i) => {
      const classic = join(work, `${i}.pcap`);
      spawnSync("editcap", ["-F", "pcap", join(corpus, name), classic], { stdio: "ignore" });
      return classic;
    })
    .filter((name) => existsSync(name));
  const isMade =
    spawnSync("cc", ["-O2", "-o", tool, source], { stdio: "ignore" }).status === 0 &&
    spawnSync(tool, ["-n", "mix", path, String(COPIES), ...captures], { stdio: "ignore" }).status === 0;
  rmSync(work, { recursive: true, force: true });
  return isMade && existsSync(path);
}

/** Who sends `capture` again and again for so many seconds, at a bit rate (tcpreplay) or a packet rate. */
export function senderFor(capture, { mbit, pps, seconds }) {
  if (mbit !== undefined) {
    return {
      command: [
        "tcpreplay",
        "-q",
        "-K",
        "-i",
        "lwa",
        "-M",
        String(mbit),
        "-l",
        "0",
        "--duration",
        String(seconds),
        capture,
      ],
    };
  }
  const source = join(SHARED, "tools", "bench", "blast.c");
  const tool = join(FOLDER, "blast");
  if (!existsSync(tool)) {
    mkdirSync(FOLDER, { recursive: true });
    const isMade = existsSync(source) && spawnSync("cc", ["-O2", "-o", tool, source], { stdio: "ignore" }).status === 0;
    if (!isMade)
      return {
        note: "the sender of smallest packets (../shared/tools/bench/blast.c) or a C compiler is not here",
        command: [],
      };
  }
  return { command: [tool, "lwa", capture, String(seconds), String(pps)] };
}
