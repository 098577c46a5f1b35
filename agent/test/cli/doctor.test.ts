import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DoctorReport } from "@lanwarden/contract/doctor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CaptureBuilder } from "../../src/demo/frames/capture.ts";
import { goodHome, isGroup } from "../doctor/homes.ts";
import { isOneLine, runCli } from "./run-cli.ts";

let folder: string;
const path = (name: string): string => join(folder, name);

function write(name: string, keep: Parameters<ReturnType<typeof goodHome>["filter"]>[0]): void {
  const builder = new CaptureBuilder();
  for (const { atUs, frame } of goodHome().filter(keep)) builder.add(atUs, frame);
  writeFileSync(path(name), builder.toPcap());
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanwarden-doctor-"));
  write("good.pcap", () => true);
  write("broadcast.pcap", isGroup);
  write("moment.pcap", (_, i) => i < 20);
  write("nothing.pcap", () => false);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const doctor = (...args: string[]) => runCli(["doctor", ...args], { cwd: folder });
const json = (...args: string[]): DoctorReport => JSON.parse(doctor("--json", ...args).stdout) as DoctorReport;

describe("doctor on captures", () => {
  test("healthy: status 0, the verdict first, what was seen last", () => {
    const { status, stdout, stderr } = doctor("good.pcap");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^file:good\.pcap: Healthy/);
    expect(stdout).toMatch(/Seen: .*5 devices, 5 of them both ways/);
    expect(stdout).not.toContain("\u001b");
  });

  test("a finding: status 3, evidence, mend and the section of the guide, in lines that fit", () => {
    const { status, stdout } = doctor("--source", "file:broadcast.pcap");
    expect(status).toBe(3);
    expect(stdout).toMatch(/✗ Only broadcasts arrive: this is not a mirror port/);
    expect(stdout).toMatch(/Of \d+ packets of other machines/);
    expect(stdout).toMatch(/→ .*SPAN/);
    expect(stdout).toContain('"only_broadcast" in the doctor guide');
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  test("too little: status 3, and it says so", () => {
    expect(doctor("moment.pcap")).toMatchObject({ status: 3, stdout: expect.stringMatching(/^\S+ Not sure/) });
  });

  test("--json has the documented shape; the verdict is the worst of all", () => {
    const report = json("good.pcap", "nothing.pcap");
    expect(report).toMatchObject({ version: 1, verdict: "findings" });
    expect(report.taps.map(({ source, kind, verdict }) => [source, kind, verdict])).toEqual([
      ["file:good.pcap", "capture", "healthy"],
      ["file:nothing.pcap", "capture", "findings"],
    ]);
    expect(report.taps[1]?.findings).toMatchObject([{ id: "no_packets", level: "problem", numbers: { packets: 0 } }]);
    expect(report.taps[0]?.seen).toMatchObject({ devices: 5, devices_both_ways: 5, tcp_both_ways: 40, tcp_one_way: 0 });
  });

  test("takes the sources of a configuration", () => {
    writeFileSync(path("lanwarden.yaml"), "sources:\n  - { type: file, path: good.pcap, speed: 1 }\n");
    try {
      expect(doctor().status).toBe(0);
      expect(doctor("--config", "lanwarden.yaml").status).toBe(0);
    } finally {
      rmSync(path("lanwarden.yaml"));
    }
  });

  test("reads standard input", () => {
    const builder = new CaptureBuilder();
    for (const { atUs, frame } of goodHome()) builder.add(atUs, frame);
    const { status, stdout } = runCli(["doctor", "-"], { input: builder.toPcap() });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/Healthy/) });
  });
});

describe("what cannot be looked at gives one line and status 2", () => {
  test.each([
    ["nothing named", [], /--source interface:NAME/],
    ["a source without a type", ["--source", "nosuch9"], /write interface:eth1 or file:PATH/],
    ["an interface that is not there", ["--source", "interface:nosuch9"], /no such network interface/],
    ["a capture that is not there", ["nowhere.pcap"], /no such file/],
    ["both", ["--source", "interface:lo", "good.pcap"], /one or the other/],
    ["a configuration that is not there", ["--config", "nowhere.yaml"], /nowhere\.yaml/],
  ])("%s", (_name, args, message) => {
    const { status, stderr } = doctor(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(isOneLine(stderr), stderr).toBe(true);
  });

  test("the other captures are looked at all the same", () => {
    const { status, stdout } = doctor("nowhere.pcap", "good.pcap");
    expect(status).toBe(2);
    expect(stdout).toMatch(/Healthy/);
  });
});
