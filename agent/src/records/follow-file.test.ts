import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { FileFollower } from "./follow-file.ts";

const folder = mkdtempSync(join(tmpdir(), "follow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let number = 0;
let path = "";
let lines: string[] = [];
let file: FileFollower;

const pollAll = (): string[] => {
  while (file.poll());
  const read = lines;
  lines = [];
  return read;
};
const follow = (fromStart: boolean): void => {
  file = new FileFollower(path, (line) => lines.push(line));
  file.open(fromStart, "Suricata");
};

beforeEach(() => {
  path = join(folder, `log-${++number}`);
  lines = [];
});

describe("a log that is followed", () => {
  it("is read from its end, or from its start when asked", () => {
    writeFileSync(path, "old\n");
    follow(false);
    expect(pollAll()).toEqual([]);
    appendFileSync(path, "ne");
    expect(pollAll()).toEqual([]);
    appendFileSync(path, "w\n");
    expect(pollAll()).toEqual(["new"]);
    follow(true);
    expect(pollAll()).toEqual(["old", "new"]);
  });

  it("that ends within a line gives no half of it", () => {
    writeFileSync(path, '{"half');
    follow(false);
    appendFileSync(path, ' line"}\nwhole\n');
    expect(pollAll()).toEqual(["whole"]);
    expect(file.splitter.tooLong).toBe(0);
  });

  it("that is put aside is read to its end, then its successor from its beginning", () => {
    writeFileSync(path, "a\n");
    follow(true);
    pollAll();
    appendFileSync(path, "b\n");
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, "c\n");
    expect(pollAll()).toEqual(["b", "c"]);
    writeFileSync(path, "d\n");
    expect(pollAll()).toEqual(["d"]);
    rmSync(path);
    expect(pollAll()).toEqual([]);
    writeFileSync(path, "e\n");
    expect(pollAll()).toEqual(["e"]);
  });

  it("that is emptied is read anew", () => {
    writeFileSync(path, "a long first line\n");
    follow(true);
    expect(pollAll()).toHaveLength(1);
    truncateSync(path);
    appendFileSync(path, "b\n");
    expect(pollAll()).toEqual(["b"]);
  });

  it("gives others their turn within a long one", () => {
    writeFileSync(path, "x".repeat(99).concat("\n").repeat(60_000));
    follow(true);
    expect(file.poll()).toBe(true);
    expect(lines.length).toBeLessThan(60_000);
    pollAll();
    expect(file.poll()).toBe(false);
  });

  it("leaves out lines that are too long, and counts them", () => {
    writeFileSync(path, `a\n${"x".repeat(300_000)}\nb\n`);
    follow(true);
    expect(pollAll()).toEqual(["a", "b"]);
    expect(file.splitter.tooLong).toBe(1);
  });
});

describe("what cannot be followed", () => {
  it("is said with its mend", () => {
    expect(() => follow(false)).toThrow(/no such file; check the path, and that Suricata runs and writes it$/);
    path = folder;
    expect(() => follow(false)).toThrow(/is not a file; name the log file itself$/);
  });
});
