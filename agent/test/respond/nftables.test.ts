import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nftables } from "../../src/respond/backends/nftables.ts";
import type { Backend, IsolationTarget } from "../../src/respond/define.ts";
import type { NftFamily } from "../../src/respond/nft-script.ts";
import { eventually, HomeNet, measured } from "../home-assistant/rig.ts";

const HOME = "lwresp";
const LAN = "192.168.71";
const CAMERA_MAC = "ec:71:db:00:53:01";
const root = fileURLToPath(new URL("../../..", import.meta.url));
const homeNet = join(resolve(root, process.env.LANWARDEN_TOOLS ?? "../shared/tools"), "home-net/home-net");
const talker = fileURLToPath(new URL("talker.ts", import.meta.url));

const missing = ["nft", "ethtool", "ip", "setpriv"].find(
  (program) => spawnSync("sh", ["-c", `command -v ${program} || ls /usr/sbin/${program}`]).status !== 0,
);
const reason =
  process.getuid?.() !== 0
    ? "network namespaces need root"
    : !existsSync(homeNet)
      ? `${homeNet} is not here`
      : missing && `${missing} is not installed`;
if (reason !== undefined) process.stderr.write(`skipped: nftables in a home of namespaces, because ${reason}\n`);

const open = (family: NftFamily, command: string[]): Backend =>
  nftables.open({ family, command }, "test", { homeAssistant: undefined, warn: () => undefined });
const onRouter = (family: NftFamily): Backend => open(family, ["ip", "netns", "exec", `${HOME}-router`, "nft"]);

const camera: IsolationTarget = {
  device: CAMERA_MAC,
  mac: CAMERA_MAC,
  ips: [`${LAN}.10`, "fd00:71::10"],
  name: "Hall camera",
};
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** When something came last, by name. */
class Ears {
  readonly last = new Map<string, number>();
  readonly hear = (line: string): void => {
    const [name, ms] = line.split(" ");
    if (name !== undefined && ms !== undefined) this.last.set(name, Number(ms));
  };

  /** Names of what came after a moment. */
  since(ms: number): string[] {
    return [...this.last]
      .filter(([, at]) => at > ms)
      .map(([name]) => name)
      .sort();
  }
}

describe.skipIf(reason !== undefined)("nftables in a home of namespaces", () => {
  let net: HomeNet;
  const heard = { camera: new Ears(), tv: new Ears() };
  const node = [process.execPath, "--disable-warning=ExperimentalWarning", talker];

  beforeAll(async () => {
    net = new HomeNet(HOME, LAN, [`camera:10:${CAMERA_MAC}`, "tv:11"]);
    const commands: [string, string][] = [
      ["router", "sysctl -qw net.ipv6.conf.all.forwarding=1"],
      ["router", "ip -6 addr add fd00:71::1/64 dev br0 nodad"],
      ["router", "ip -6 addr add fd00:99::2/64 dev wan nodad"],
      ["internet", "ip -6 addr add fd00:99::1/64 dev eth0 nodad"],
      ["internet", "ip -6 route add default via fd00:99::2"],
      ["camera", "ip -6 addr add fd00:71::10/64 dev eth0 nodad"],
      ["camera", "ip -6 route add default via fd00:71::1"],
      // A router as most are: what was begun may go on.
      ["router", "nft add table inet filter"],
      ["router", "nft add chain inet filter forward { type filter hook forward priority 0; policy accept; }"],
      ["router", "nft add rule inet filter forward ct state established accept"],
    ];
    for (const [host, command] of commands) net.run(host, ...command.split(" "));
    // Where it is on, frames between LAN ports pass the router's filter too, and inet reaches further than it promises.
    for (const family of ["iptables", "ip6tables"])
      net.run("router", "sh", "-c", `sysctl -qw net.bridge.bridge-nf-call-${family}=0 2>/dev/null || true`);
    const ready = new Set<string>();
    for (const [host, ports] of Object.entries({ internet: ["8001"], tv: ["8001"], router: ["53", "67"] }))
      net.start(host, [...node, "serve", ...ports], (line) => line === "ready" && ready.add(host));
    await eventually("servers", () => ready.size === 3);
    const talk = { download: "tcp,198.18.7.7,8000", internet: "udp,198.18.0.1,8001" };
    const more = {
      internet6: "udp,fd00:99::1,8001",
      neighbour: `udp,${LAN}.11,8001`,
      dns: `udp,${LAN}.1,53`,
      lease: `udp,${LAN}.1,67,68`,
    };
    const told = (what: Record<string, string>): string[] =>
      Object.entries(what).map(([name, how]) => `${name}=${how}`);
    net.start("camera", [...node, "talk", ...told({ ...talk, ...more })], heard.camera.hear);
    net.start("tv", [...node, "talk", ...told(talk)], heard.tv.hear);
    await all();
  }, 60_000);

  afterEach(async () => {
    await onRouter("inet").revert(camera);
    await onRouter("bridge").revert(camera);
  });
  afterAll(() => net?.down());

  /** Waits until everything flows. */
  async function all(): Promise<void> {
    const fromMs = Date.now();
    await eventually(
      "all traffic",
      () => heard.camera.since(fromMs).length === 6 && heard.tv.since(fromMs).length === 2,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: camera has ${heard.camera.since(fromMs)}, TV has ${heard.tv.since(fromMs)}`);
    });
  }

  test.each([
    ["inet" as const, ["lease", "neighbour"]],
    ["bridge" as const, ["lease"]],
  ])("%s cuts what its level promises, running downloads too, and nothing else", async (family, left) => {
    await all();
    const backend = onRouter(family);
    expect(await backend.notReady()).toBeUndefined();
    const begunMs = Date.now();
    await backend.apply(camera);
    const doneMs = Date.now();
    await pause(1000);
    const late = heard.camera.since(doneMs + 200);
    expect(late).toEqual(left);
    const cutMs = Math.max(
      ...[...heard.camera.last].filter(([name]) => !left.includes(name)).map(([, at]) => at - begunMs),
    );
    measured(`nftables ${family}: applied in ${doneMs - begunMs} ms, last packet ${cutMs} ms after it was asked`);
    expect(heard.tv.since(Date.now() - 300)).toEqual(["download", "internet"]);

    // Once more changes nothing, and what is held is told.
    await backend.apply(camera);
    const held = await backend.list([]);
    expect(held.map(({ key }) => key).sort()).toEqual([...backend.keysOf(camera)].sort());
    expect(new Set(held.map(({ device }) => device))).toEqual(new Set([CAMERA_MAC]));

    await backend.revert(camera);
    await backend.revert(camera);
    expect(await backend.list([])).toEqual([]);
    await all();
  });

  test("addresses are replaced, and taken over from a device that has them no more", async () => {
    const backend = onRouter("inet");
    const moved = { ...camera, ips: [`${LAN}.99`] };
    const tv = { device: "00:00:5e:00:53:0b", mac: "00:00:5e:00:53:0b", ips: [`${LAN}.10`], name: "TV" };
    await backend.apply(camera);
    await backend.apply(moved);
    await backend.apply(tv);
    const keysOf = async (device: string) =>
      (await backend.list([])).filter((entry) => entry.device === device).map(({ key }) => key);
    expect(await keysOf(camera.device)).toEqual([CAMERA_MAC, `${LAN}.99`]);
    expect(await keysOf(tv.device)).toEqual([tv.mac, `${LAN}.10`]);
    await backend.revert(camera);
    expect(await keysOf(tv.device)).toEqual([tv.mac, `${LAN}.10`]);
    await backend.revert(tv);
  });

  test("entries without effect are not held: rules flushed, table deleted by hand", async () => {
    const backend = onRouter("inet");
    await backend.apply(camera);
    net.run("router", "nft", "flush", "chain", "inet", "lanwarden", "forward");
    expect(await backend.list([])).toEqual([]);
    await backend.apply(camera);
    expect(await backend.list([])).toHaveLength(3);
    net.run("router", "nft", "delete", "table", "inet", "lanwarden");
    expect(await backend.list([])).toEqual([]);
    await backend.revert(camera);
    await all();
  });

  test("says what is missing", async () => {
    const unprivileged = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "nft"];
    expect(await open("inet", unprivileged).notReady()).toBe(
      "nft may not be used: run Lanwarden as root, give it CAP_NET_ADMIN, or set sudo: true",
    );
    expect(await open("inet", ["no-such-program"]).notReady()).toBe("no-such-program is not installed");
    await expect(open("inet", ["false"]).apply(camera)).rejects.toThrow("false says: exit status 1");
    await expect(open("inet", ["echo"]).apply(camera)).rejects.toThrow("answered with something else than JSON");
  });
});

describe("what can be written into the firewall", () => {
  const inet = open("inet", ["false"]);
  test.each([
    [{ ...camera, mac: "ec:71:db:00:53:01 }; flush ruleset; #", ips: ["1.2.3.4; drop"] }, []],
    [{ ...camera, mac: null, ips: ["fe80::1%eth0", "::ffff:1.2.3.4", "10.0.0.1"] }, ["10.0.0.1"]],
  ])("is checked", (target, keys) => {
    expect(inet.keysOf(target)).toEqual(keys);
    expect(inet.cannot(target) === undefined).toBe(keys.length > 0);
  });

  test("a device's id too", () => {
    expect(inet.cannot({ ...camera, device: 'x" }; flush ruleset' })).toBe(
      "its id cannot be written into the firewall",
    );
    expect(open("bridge", ["false"]).cannot({ ...camera, mac: null })).toBe("no MAC of it is known");
  });
});
