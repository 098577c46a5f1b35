import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { isOneLine, runCli } from "./run-cli.ts";

let folder: string;
let capture: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanwarden-cli-"));
  capture = join(folder, "home.pcap");
  writeFileSync(capture, buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000 }).builder.toPcap());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (path: string): Record<string, unknown>[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("analyze", () => {
  test("writes EVE, incidents and devices; the same twice to the byte", () => {
    const first = join(folder, "first");
    const second = join(folder, "second");
    expect(runCli(["analyze", "--out", first, capture])).toMatchObject({ status: 0, stderr: "" });
    expect(runCli(["analyze", "--out", second, capture]).status).toBe(0);
    expect(readdirSync(first).sort()).toEqual(["devices.json", "eve.json", "incidents.json", "report.html"]);
    for (const name of readdirSync(first))
      expect(readFileSync(join(second, name)).equals(readFileSync(join(first, name))), name).toBe(true);

    const eve = lines(join(first, "eve.json"));
    expect(eve.at(-1)?.event_type).toBe("stats");
    const types = new Set(eve.map(({ event_type }) => event_type));
    for (const type of ["flow", "dns", "tls", "http", "ssh", "quic", "dhcp", "alert", "device", "incident"])
      expect(types, type).toContain(type);
    const incidents = JSON.parse(readFileSync(join(first, "incidents.json"), "utf8")) as Incident[];
    const kinds = new Set(incidents.map(({ kind }) => kind));
    for (const kind of [
      "mining",
      "port_scan",
      "network_scan",
      "brute_force",
      "default_credentials",
      "dns_amplification",
      "arp_spoofing",
      "exposed_service",
    ]) {
      expect(kinds, kind).toContain(kind);
    }
    const devices = JSON.parse(readFileSync(join(first, "devices.json"), "utf8")) as Device[];
    expect(devices.map(({ mac }) => mac).sort()).toEqual(
      buildDemoHome({ seed: 3, startUs: 0, hours: 1 })
        .devices.map(({ mac }) => mac)
        .sort(),
    );
  });

  test("shows a summary on one screen, without control codes in a pipe", () => {
    const { status, stdout } = runCli(["analyze", capture]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/is mining monero/i);
    expect(stdout).toMatch(/why: /);
    expect(stdout).not.toContain("\u001b");
    for (const line of stdout.split("\n").slice(2)) expect(line.length, line).toBeLessThanOrEqual(200);
  });

  test("reads standard input", () => {
    const { status, stdout } = runCli(["analyze", "--format", "json", "-"], { input: readFileSync(capture) });
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { packets: number }).packets).toBeGreaterThan(10_000);
  });

  test("--each makes a folder per capture", () => {
    const out = join(folder, "each");
    expect(runCli(["analyze", "--each", "--out", out, capture]).status).toBe(0);
    expect(existsSync(join(out, "home.pcap", "eve.json"))).toBe(true);
  });

  test("--fail-on gives 3 when an incident reaches it", () => {
    expect(runCli(["analyze", "--fail-on", "high", capture]).status).toBe(3);
  });

  test("--from and --to keep to a span of packet time", () => {
    const { stdout } = runCli(["analyze", "--format", "json", "--to", "1990-01-01T00:00:00Z", capture]);
    expect((JSON.parse(stdout) as { devices: unknown[] }).devices).toEqual([]);
  });
});

describe("bad input gives one line with place and mend", () => {
  test.each([
    ["a missing file", () => join(folder, "nowhere.pcap"), /nowhere\.pcap.*(no such file|does not exist|not found)/i],
    ["a folder", () => folder, /folder|directory/i],
    [
      "something else",
      () => {
        const path = join(folder, "letter.txt");
        writeFileSync(path, "Dear reader, this is no capture at all.\n");
        return path;
      },
      /letter\.txt.*(not a|no) capture/i,
    ],
    [
      "an empty file",
      () => {
        const path = join(folder, "empty.pcap");
        writeFileSync(path, "");
        return path;
      },
      /empty/i,
    ],
  ])("%s", (_name, make, message) => {
    const { status, stderr } = runCli(["analyze", make()]);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(isOneLine(stderr), stderr).toBe(true);
  });

  test("a capture that ends in the middle is analysed as far as it reads", () => {
    const path = join(folder, "cut.pcap");
    writeFileSync(path, readFileSync(capture).subarray(0, 1_000_001));
    const out = join(folder, "cut");
    const { status, stderr } = runCli(["analyze", "--out", out, path]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: .*cut\.pcap/);
    expect(isOneLine(stderr), stderr).toBe(true);
    const stats = lines(join(out, "eve.json")).at(-1) as {
      stats: { capture: { truncated: boolean }; decoder: { pkts: number } };
    };
    expect(stats.stats.capture.truncated).toBe(true);
    expect(stats.stats.decoder.pkts).toBeGreaterThan(1000);
  });

  test("an unknown option names its nearest", () => {
    const { status, stderr } = runCli(["analyze", "--ot", "x", capture]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/unknown option '--ot'/);
    expect(stderr).toMatch(/--out/);
  });

  test("an unknown command names its nearest", () => {
    const { status, stderr } = runCli(["analize", capture]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Did you mean analyze/);
  });

  test("a result folder that cannot be made", () => {
    const { status, stderr } = runCli(["analyze", "--out", join(capture, "x"), capture]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/cannot be made \(ENOTDIR\); choose another with --out/);
    expect(isOneLine(stderr)).toBe(true);
  });

  test("a network that is none", () => {
    const { status, stderr } = runCli(["analyze", "--home-net", "192.168.1.0/33", capture]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/"192\.168\.1\.0\/33" is not a network/);
  });
});

test("every command explains itself", () => {
  for (const command of [
    [],
    ["demo"],
    ["run"],
    ["init"],
    ["analyze"],
    ["devices"],
    ["incidents"],
    ["config"],
    ["config", "check"],
    ["token"],
    ["token", "create"],
  ]) {
    const { status, stdout } = runCli([...command, "--help"]);
    expect(status, command.join(" ")).toBe(0);
    expect(stdout).toMatch(/^Usage: lanwarden/);
  }
});
