import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { encodePcap } from "../pcap-writer.ts";
import { freeUdpPort, runSource, until } from "../test-sources.ts";
import { folder } from "./folder.ts";

const root = mkdtempSync(join(tmpdir(), "folder-source-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
const makeFolder = (): string => {
  const path = join(root, String(count++));
  mkdirSync(path);
  return path;
};
/** A capture with a frame for each number; the times of two files differ, as real ones do. */
const pcap = (...numbers: number[]): Uint8Array =>
  encodePcap(
    numbers.map((number) => ({ octets: Uint8Array.of(number, 0xaa), atUs: 1_700_000_000_000_000 + number * 1000 })),
  );
/** Records alone, to be added to a file. */
const records = (...numbers: number[]): Uint8Array => pcap(...numbers).subarray(24);
let clock = 1_700_000_000;
const write = (path: string, octets: Uint8Array): void => {
  writeFileSync(path, octets);
  utimesSync(path, ++clock, clock);
};
const open = (config: Record<string, unknown>) => runSource((context) => folder.open(folder.parse(config), context));
const numbers = (running: ReturnType<typeof open>): number[] =>
  running.sink.frames.map(({ octets }) => Number.parseInt(octets.slice(0, 2), 16));

describe("folder source", () => {
  it("begins with the newest file, follows it as it grows, and goes on to the next", async () => {
    const path = makeFolder();
    write(join(path, "a.pcap"), pcap(1));
    write(join(path, "b.pcap"), pcap(2));
    const running = open({ path });
    await until(() => numbers(running).length === 1, "the newest file");
    const more = records(3, 4);
    appendFileSync(join(path, "b.pcap"), more.subarray(0, 20));
    await sleep(300);
    appendFileSync(join(path, "b.pcap"), more.subarray(20));
    await until(() => numbers(running).length === 3, "what was added");
    appendFileSync(join(path, "b.pcap"), records(5));
    write(join(path, "c.pcap"), pcap(6));
    clock += 1e8; // b was written last by the clock of the disk: c is new all the same
    await until(() => numbers(running).length === 5, "the next file");
    await running.stop();
    expect(numbers(running)).toEqual([2, 3, 4, 5, 6]);
    expect(running.source.counters.packets).toBe(5);
    expect(running.warnings).toEqual([]);
  });

  it("reads all there is from the oldest on, by time of writing and numbers in names", async () => {
    const path = makeFolder();
    for (const [name, number] of [
      ["dump10", 3],
      ["dump9", 2],
      ["dump", 1],
    ] as const) {
      writeFileSync(join(path, name), pcap(number));
      utimesSync(join(path, name), 1000, 1000);
    }
    writeFileSync(join(path, "old"), pcap(0));
    utimesSync(join(path, "old"), 10, 10);
    for (const name of ["x.pcap.gz", ".hidden", "y.tmp"]) writeFileSync(join(path, name), "?");
    const running = open({ path, from: "oldest" });
    await until(() => numbers(running).length === 4, "all files");
    await running.stop();
    expect(numbers(running)).toEqual([0, 1, 2, 3]);
    expect(running.warnings).toEqual([]);
  });

  it("takes only the names asked for, and says what is no capture or cut", async () => {
    const path = makeFolder();
    write(join(path, "a.pcap"), pcap(1).subarray(0, -1));
    write(join(path, "b.txt"), pcap(2));
    write(join(path, "c.pcap"), Buffer.from("no capture at all, but text"));
    write(join(path, "d.pcap"), pcap(4));
    const running = open({ path, name: "?.pcap", from: "oldest" });
    await until(() => numbers(running).length === 1, "the good file");
    await running.stop();
    expect(numbers(running)).toEqual([4]);
    expect(running.warnings).toEqual([
      expect.stringMatching(/a\.pcap: the capture ends inside a record at offset 24/),
      `${join(path, "c.pcap")}: is no pcap or pcapng file: it is left out`,
    ]);
  });

  it("copes with files that are renamed, vanish, or are written anew by a ring", async () => {
    const path = makeFolder();
    const [a, b] = [join(path, "a.pcap"), join(path, "b.pcap")];
    write(a, pcap(1));
    const running = open({ path });
    await until(() => numbers(running).length === 1, "the first file");
    renameSync(a, join(path, "a.old"));
    await sleep(300);
    write(b, pcap(2, 3));
    await until(() => numbers(running).length === 3, "the second file");
    rmSync(join(path, "a.old"));
    write(b, pcap(4)); // shorter than before, as tcpdump -W does it
    await until(() => numbers(running).length === 4, "the file begun anew");
    write(a, pcap(5));
    await until(() => numbers(running).length === 5, "the third file");
    write(b, pcap(6, 7, 8));
    await until(() => numbers(running).length === 8, "the ring's second round");
    rmSync(path, { recursive: true });
    await until(() => running.warnings.length === 1, "the warning");
    mkdirSync(path);
    write(a, pcap(9));
    await until(() => numbers(running).length === 9, "the folder that came back");
    await running.stop();
    expect(numbers(running)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(running.warnings).toEqual([`${path}: cannot be looked through (ENOENT): make it, or mend path`]);
  });

  it("goes on after a restart where it was", async () => {
    const path = makeFolder();
    const config = { path, state: join(root, "place.json"), from: "oldest" };
    writeFileSync(join(path, "a.pcap"), pcap(1));
    await sleep(20);
    writeFileSync(join(path, "b.pcap"), pcap(2, 3));
    const first = open(config);
    await until(() => numbers(first).length === 3, "the files");
    await first.stop();
    appendFileSync(join(path, "b.pcap"), records(4));
    renameSync(join(path, "b.pcap"), join(path, "b.old"));
    await sleep(20);
    writeFileSync(join(path, "c.pcap"), pcap(5));
    const second = open(config);
    await until(() => numbers(second).length === 2, "what came meanwhile");
    await second.stop();
    expect(numbers(second)).toEqual([4, 5]);
    await sleep(20);
    rmSync(join(path, "c.pcap"));
    writeFileSync(join(path, "d.pcap"), pcap(6));
    const third = open(config);
    await until(() => numbers(third).length === 1, "the file after the one that is gone");
    await third.stop();
    expect(numbers(third)).toEqual([6]);
  });

  it("says what to do about a folder or a note that cannot be used", async () => {
    await expect(open({ path: join(root, "none") }).done).rejects.toMatchObject({
      code: "ERR_TAP_FOLDER",
      message: `${join(root, "none")}: cannot be looked through (ENOENT): make it, or mend path`,
    });
    const path = makeFolder();
    write(join(path, "a.pcap"), pcap(1));
    await expect(open({ path, state: join(root, "none", "place") }).done).rejects.toMatchObject({
      code: "ERR_TAP_STATE",
    });
  });

  it.each([
    [{}, "path: is missing; expected the folder that holds the captures"],
    [{ path: "a", name: "x/y" }, 'name: "x/y" is not allowed; expected what file names look like, as in dump-*.pcap'],
    [{ path: "a", from: "now" }, 'from: "now" is not allowed; expected newest or oldest'],
    [{ path: "a", state: 1 }, "state: 1 is not allowed"],
    [{ path: "a", loop: true }, "loop: unknown key; allowed: type, path, name, from, state"],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => folder.parse(config)).toThrow(`sources: type folder: ${text}`);
  });

  it("loses and repeats nothing of a real dumpcap that turns its files over", { timeout: 20_000 }, async ({ skip }) => {
    const path = makeFolder();
    const port = await freeUdpPort();
    const args = ["-i", "lo", "-q", "-f", `udp port ${port}`, "-b", "packets:7", "-w", join(path, "ring.pcapng")];
    const dumpcap = spawn("dumpcap", args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    dumpcap.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    dumpcap.on("error", (error) => {
      said += `cannot run: ${error.message}`;
    });
    for (let i = 0; i < 100 && !/File:|run|permission|no such/i.test(said); i++) await sleep(20);
    if (!said.includes("File:")) return skip(`dumpcap: ${said.trim().slice(0, 100)}`);
    const running = open({ path, from: "oldest" });
    const socket = createSocket("udp4");
    for (let i = 0; i < 60; i++) {
      socket.send(`number ${String(i).padStart(3, "0")}`, port, "127.0.0.1");
      await sleep(20);
    }
    socket.close();
    await until(() => running.sink.frames.length >= 60, "60 packets", 8000);
    dumpcap.kill("SIGTERM");
    await sleep(500);
    await running.stop();
    const texts = running.sink.frames.map(({ octets }) => Buffer.from(octets.slice(-20), "hex").toString().trim());
    expect(texts).toEqual(Array.from({ length: 60 }, (_, i) => `number ${String(i).padStart(3, "0")}`));
    expect(running.warnings).toEqual([]);
  });
});
