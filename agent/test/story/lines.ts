import type { ChildProcess } from "node:child_process";
import { readLines } from "../home-assistant/rig.ts";

/** What a script of the story says: JSON, a line each, with the wall time in `at`. */
export interface Line {
  at: number;
  [key: string]: unknown;
}

/** Listens to a script that prints JSON lines. */
export class Lines {
  readonly all: Line[] = [];
  /** What it printed that is no JSON: its complaints. */
  readonly other: string[] = [];
  readonly #child: ChildProcess | undefined;

  /** `child`: whose output is read; without one, lines are added by hand. */
  constructor(child?: ChildProcess) {
    this.#child = child;
    if (!child) return;
    readLines(child, (line) => {
      if (line.startsWith("{")) this.add(JSON.parse(line) as Line);
      else if (line.trim() !== "") this.other.push(line);
    });
  }

  add(line: Line): void {
    this.all.push(line);
  }

  /** A line on its standard input. */
  say(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }

  /** The first line at or after a time for which `fits`; waits for it. Throws with `what` after the limit. */
  async first(what: string, sinceMs: number, fits: (line: Line) => boolean, limitMs = 10_000): Promise<Line> {
    const end = Date.now() + limitMs;
    for (;;) {
      const found = this.all.find((line) => line.at >= sinceMs && fits(line));
      if (found) return found;
      if (Date.now() > end) {
        const last = this.all.slice(-5).map((line) => JSON.stringify(line).slice(0, 300));
        throw new Error(`waited ${limitMs} ms in vain: ${what}\n${[...last, ...this.other.slice(-5)].join("\n")}`);
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  count(sinceMs: number, untilMs: number, fits: (line: Line) => boolean): number {
    return this.all.filter((line) => line.at >= sinceMs && line.at < untilMs && fits(line)).length;
  }
}
