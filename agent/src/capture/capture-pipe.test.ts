import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CapturePipe } from "./capture-pipe.ts";

const folders = (): number => readdirSync(tmpdir()).filter((name) => name.startsWith("lanwarden-live-")).length;

/** Runs a shell script whose standard output is the pipe; gives what came, and in how many pieces. */
async function read(script: string): Promise<{ text: string; pieces: number }> {
  let text = "";
  let pieces = 0;
  const pipe = new CapturePipe((octets) => {
    text += Buffer.from(octets).toString("latin1");
    pieces++;
  });
  const child = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", pipe.writeEnd, "inherit"] });
  pipe.forget();
  await new Promise((resolve) => child.once("close", resolve));
  await pipe.finish(1000);
  return { text, pieces };
}

describe("capture pipe", () => {
  it("gives everything in order, in few pieces when much comes in little ones", async () => {
    const before = folders();
    const { text, pieces } = await read("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done");
    expect(text).toBe(Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join(""));
    expect(pieces).toBeLessThan(1000);
    expect(folders()).toBe(before);
  });

  it("gives more than a pipe holds", async () => {
    const { text } = await read("head -c 3000000 /dev/zero | tr '\\0' x");
    expect(text.length).toBe(3_000_000);
  });

  it("shows a little at once, and what comes soon after", async () => {
    const seen: string[] = [];
    const pipe = new CapturePipe((octets) => seen.push(Buffer.from(octets).toString()));
    const child = spawn("/bin/sh", ["-c", "printf a; sleep 0.1; printf b; sleep 5"], {
      stdio: ["ignore", pipe.writeEnd, "inherit"],
    });
    pipe.forget();
    for (let i = 0; i < 200 && seen.length < 2; i++) await sleep(10);
    expect(seen).toEqual(["a", "b"]);
    child.kill();
    await new Promise((resolve) => child.once("close", resolve));
    // The shell's child keeps its end for seconds: nobody waits for that.
    const begun = performance.now();
    await pipe.finish(100);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
