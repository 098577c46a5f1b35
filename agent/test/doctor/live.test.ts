import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { TapReport } from "@lanwarden/contract/doctor";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bin, eventually, HomeNet } from "../home-assistant/rig.ts";

const HOME = "lwdoc";
const LAN = "192.168.73";
const SECONDS = 6;
const root = fileURLToPath(new URL("../../..", import.meta.url));
const homeNet = join(resolve(root, process.env.LANWARDEN_TOOLS ?? "../shared/tools"), "home-net/home-net");
const talkers = fileURLToPath(new URL("talkers.ts", import.meta.url));

const missing = ["nft", "ethtool", "ip", "dumpcap"].find(
  (program) => spawnSync("sh", ["-c", `command -v ${program} || ls /usr/sbin/${program}`]).status !== 0,
);
const reason =
  process.getuid?.() !== 0
    ? "network namespaces need root"
    : !existsSync(homeNet)
      ? `${homeNet} is not here`
      : missing && `${missing} is not installed`;
if (reason !== undefined) process.stderr.write(`skipped: the doctor at a mirror port, because ${reason}\n`);

const HOSTS = ["camera:10", "tv:11", "ha:12"];
const HOOKS = [
  ["in", "ingress"],
  ["out", "egress"],
] as const;
const PORTS = ["p2", "p10", "p11", "p12"];

describe.skipIf(reason !== undefined)("the doctor at a mirror port", () => {
  let net: HomeNet;
  const node = [process.execPath, "--disable-warning=ExperimentalWarning", talkers];

  beforeAll(async () => {
    net = new HomeNet(HOME, LAN, HOSTS);
    const ready = new Set<string>();
    for (const host of ["internet", "ha"])
      net.start(host, [...node, "serve"], (line) => line === "ready" && ready.add(host));
    await eventually("servers", () => ready.size === 2, 20_000);
    for (const host of ["camera", "tv"])
      net.start(host, [...node, "talk", "198.18.0.7", "198.18.9.9", `${LAN}.12`, `${LAN}.255`]);
  }, 60_000);
  afterAll(() => net?.down());

  const nft = (...rule: string[]): void => void net.run("router", "nft", ...rule);
  const mirror = (port: string, way: "in" | "out", ...match: string[]): void =>
    nft("add", "rule", "netdev", "mirror", `${port}-${way}`, ...match, "dup", "to", "mir");
  afterEach(() => {
    // The mirror as it was.
    for (const port of PORTS) {
      nft("flush", "chain", "netdev", "mirror", `${port}-in`);
      nft("flush", "chain", "netdev", "mirror", `${port}-out`);
      mirror(port, "in");
      mirror(port, "out", "ether", "saddr", "00:00:5e:00:53:01");
    }
  });

  /** Runs the doctor beside the mirror port; its answer and exit status. */
  function look(device: string, seconds = SECONDS): { status: number | null; tap: TapReport } {
    const { status, stdout, stderr } = spawnSync(
      homeNet,
      ["run", "sensor", process.execPath, "--conditions=source", bin, "doctor"].concat([
        "--source",
        `interface:${device}`,
        "--seconds",
        String(seconds),
        "--json",
      ]),
      { encoding: "utf8", timeout: 60_000, env: { ...process.env, HOME_NET_NAME: HOME, HOME_NET_LAN: LAN } },
    );
    try {
      return { status, tap: (JSON.parse(stdout) as { taps: TapReport[] }).taps[0]! };
    } catch {
      throw new Error(`no answer: ${stdout}${stderr}`);
    }
  }
  const ids = (tap: TapReport): string[] => tap.findings.map(({ id }) => id);

  test("calls it healthy", () => {
    const { status, tap } = look("mon0");
    expect(ids(tap), JSON.stringify(tap)).toEqual([]);
    expect({ status, verdict: tap.verdict }).toEqual({ status: 0, verdict: "healthy" });
    expect(tap.seen.devices_both_ways).toBeGreaterThanOrEqual(3);
  }, 60_000);

  test("knows an ordinary port of the switch", () => {
    const { status, tap } = look("eth0");
    expect(ids(tap), JSON.stringify(tap)).toEqual(["only_broadcast"]);
    expect(status).toBe(3);
  }, 60_000);

  test("knows a mirror of one direction", () => {
    for (const port of PORTS) nft("flush", "chain", "netdev", "mirror", `${port}-out`);
    const { status, tap } = look("mon0");
    expect(ids(tap), JSON.stringify(tap)).toEqual(["one_direction"]);
    expect(tap.findings[0]?.evidence.join(" ")).toContain("what comes back from outside is missing");
    expect(status).toBe(3);
  }, 60_000);

  test("knows a mirror that copies on the way in and on the way out", () => {
    for (const port of PORTS) {
      nft("flush", "chain", "netdev", "mirror", `${port}-out`);
      mirror(port, "out");
    }
    const { tap } = look("mon0");
    expect(ids(tap), JSON.stringify(tap)).toEqual(["duplicate_frames"]);
    expect(tap.findings[0]?.numbers.same).toBeGreaterThan(20);
  }, 60_000);

  test("knows a mirror of both sides of the router, through its address translation", () => {
    for (const [way, hook] of HOOKS) {
      nft("add", "chain", "netdev", "mirror", `wan-${way}`, `{ type filter hook ${hook} device wan priority 0; }`);
      mirror("wan", way);
    }
    const { tap } = look("mon0");
    for (const [way] of HOOKS) nft("delete", "chain", "netdev", "mirror", `wan-${way}`);
    expect(ids(tap), JSON.stringify(tap)).toContain("duplicate_frames");
    expect(tap.findings.find(({ id }) => id === "duplicate_frames")?.numbers.translated).toBeGreaterThan(20);
  }, 60_000);

  test("knows packets that were merged on their way", () => {
    for (const host of ["ha", "camera", "tv"])
      net.run(host, "ethtool", "-K", "eth0", "tx", "on", "sg", "on", "tso", "on", "gso", "on");
    const { tap } = look("mon0");
    for (const host of ["ha", "camera", "tv"])
      net.run(host, "ethtool", "-K", "eth0", "tx", "off", "sg", "off", "tso", "off", "gso", "off");
    expect(ids(tap), JSON.stringify(tap)).toContain("offload_merging");
    expect(tap.findings.find(({ id }) => id === "offload_merging")?.fix[0]).toContain(
      "ethtool -K mon0 gro off lro off",
    );
  }, 60_000);

  test("knows a dead mirror, and an interface that is off", () => {
    nft("delete", "table", "netdev", "mirror");
    const quiet = look("mon0", 2);
    expect(ids(quiet.tap)).toEqual(["no_packets"]);
    net.run("router", "ip", "link", "set", "mir", "down");
    const unplugged = look("mon0", 2);
    expect(unplugged.tap.findings[0]?.evidence.join(" ")).toContain("has no link");
    expect([quiet.status, unplugged.status]).toEqual([3, 3]);
    net.run("router", "ip", "link", "set", "mir", "up");
    nft("add", "table", "netdev", "mirror");
    for (const port of PORTS)
      for (const [way, hook] of HOOKS)
        nft(
          "add",
          "chain",
          "netdev",
          "mirror",
          `${port}-${way}`,
          `{ type filter hook ${hook} device ${port} priority 0; }`,
        );
  }, 60_000);
});
