// Runs one program over one capture as a process of its own and says what it cost: CPU, time and memory as the kernel counts them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIME = "/usr/bin/time";
const LIMIT_MS = 1_800_000;

/** Whether a program is on the PATH. */
export const isInstalled = (program) =>
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, program)));

/** Packets and octets on the wire of a classic pcap file, read record by record; also brings the file into the page cache. */
export function pcapTotals(path) {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(4 << 20);
  let kept = readSync(file, chunk, 0, chunk.length, null);
  const magic = chunk.readUInt32LE(0);
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) return undefined;
  let at = 24;
  let packets = 0;
  let bytes = 0;
  for (;;) {
    while (at + 16 <= kept) {
      bytes += chunk.readUInt32LE(at + 12);
      at += 16 + chunk.readUInt32LE(at + 8);
      packets++;
    }
    const rest = Math.max(0, kept - at);
    if (rest > 0) chunk.copyWithin(0, at, kept);
    let skip = Math.max(0, at - kept);
    let read = 0;
    do {
      read = readSync(file, chunk, rest, chunk.length - rest, null);
      const gone = Math.min(skip, read);
      skip -= gone;
      at = gone;
    } while (read > 0 && skip > 0);
    if (read === 0) return { packets, bytes };
    kept = rest + read;
  }
}

/**
 * One run. Returns CPU seconds (user and system, all threads and children), wall seconds and peak resident memory in MiB (0 = not known:
 * Debian's package "time" is not installed), or undefined with a line on standard error when the program failed.
 */
export function measure(command, cpu) {
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-measure-"));
  const report = join(folder, "time");
  const timed = existsSync(TIME)
    ? [TIME, "-o", report, "-f", "%U %S %e %M", "--", ...command]
    : ["bash", "-c", `TIMEFORMAT="%U %S %R 0"; { time "$@" 2>${report}.err; } 2>${report}`, "bash", ...command];
  const [program, ...args] = cpu === undefined ? timed : ["taskset", "-c", String(cpu), ...timed];
  const run = spawnSync(program, args, { stdio: ["ignore", "ignore", "pipe"], timeout: LIMIT_MS, cwd: process.cwd() });
  const line = existsSync(report) ? (readFileSync(report, "utf8").trim().split("\n").pop() ?? "") : "";
  rmSync(folder, { recursive: true, force: true });
  const [user, system, wall, kib] = line.split(" ").map(Number);
  if (run.status !== 0 || kib === undefined || Number.isNaN(user)) {
    const said = String(run.stderr ?? "")
      .trim()
      .split("\n")
      .pop();
    console.error(`bench: ${command[0]} failed (exit ${run.status ?? run.signal}): ${said}`);
    return undefined;
  }
  return { cpuSeconds: user + system, wallSeconds: wall, peakMiB: kib / 1024 };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Suricata without outputs, signatures, packet pool threads: reading, flows, streams and application parsers alone. */
export function suricataCommand(folder) {
  const file = join(folder, "suricata.yaml");
  const parsers = [
    "dcerpc",
    "ftp",
    "ssh",
    "smtp",
    "mqtt",
    "quic",
    "rdp",
    "rfb",
    "sip",
    "snmp",
    "krb5",
    "ike",
    "ntp",
    "dhcp",
  ];
  const enabled = parsers.map((name) => `    ${name}: {enabled: yes}`).join("\n");
  writeFileSync(
    file,
    `%YAML 1.1
---
default-log-dir: ${folder}
outputs: []
logging: {default-log-level: error, outputs: [{console: {enabled: yes}}]}
app-layer:
  protocols:
    tls: {enabled: yes, ja3-fingerprints: yes, detection-ports: {dp: 443}}
    http: {enabled: yes, libhtp: {default-config: {personality: IDS}}}
    smb: {enabled: yes, detection-ports: {dp: "139, 445"}}
    dns: {tcp: {enabled: yes, detection-ports: {dp: 53}}, udp: {enabled: yes, detection-ports: {dp: 53}}}
${enabled}
flow: {memcap: 1gb, hash-size: 262144, prealloc: 10000}
stream: {memcap: 1gb, checksum-validation: no, reassembly: {memcap: 2gb, depth: 1mb}}
`,
  );
  return (capture) => [
    ...["suricata", "-c", file, "-S", "/dev/null", "-l", folder, "-k", "none", "--runmode", "single", "-r"],
    capture,
  ];
}
