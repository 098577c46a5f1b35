import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { encodePcap } from "../../src/capture/pcap-writer.ts";
import type { Received, ReceiverOrder } from "./receiver.ts";

const RECEIVER = join(import.meta.dirname, "receiver.ts");
const BUILD = join(import.meta.dirname, "..", "..", "..", "scripts", "build-native.mjs");

const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Why no cable can be laid here, in words; empty when it can. */
export function noCable(): string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root on Linux can make network namespaces";
  const missing = ["ip", "tcpreplay", "tcpdump", "dumpcap", "cc"].filter((program) => !has(program));
  if (missing.length > 0) return `not installed: ${missing.join(", ")}`;
  const probe = `lw-probe-${process.pid}`;
  const made = spawnSync("ip", ["netns", "add", probe]).status === 0;
  spawnSync("ip", ["netns", "del", probe], { stdio: "ignore" });
  return made ? "" : "network namespaces are not allowed here";
}

export interface Receiver {
  /** What the kernel counted on the receiving end of the cable since the receiver began. */
  arrived(): number;
  /** Asks for the report. */
  stop(): Promise<Received>;
}

/** Two network namespaces with a virtual cable between them: what goes in at one end is captured at the other by a process of its own. */
export class Cable {
  readonly folder = mkdtempSync(join(tmpdir(), "live-test-"));
  readonly addonPath = join(this.folder, "af-packet.node");
  readonly #near = `lw-test-${process.pid}-a`;
  readonly #far = `lw-test-${process.pid}-b`;
  readonly #children = new Set<ChildProcess>();

  lay(): void {
    execFileSync(process.execPath, [BUILD, "--out", this.addonPath]);
    for (const name of [this.#near, this.#far]) {
      execFileSync("ip", ["netns", "add", name]);
      // No frames but ours: neither neighbour discovery nor ARP.
      const keys = ["all", "default"].map((which) => `net.ipv6.conf.${which}.disable_ipv6=1`);
      execFileSync("ip", ["netns", "exec", name, "sysctl", "-qw", ...keys]);
    }
    const ends = ["lwta", "netns", this.#near, "type", "veth", "peer", "name", "lwtb", "netns", this.#far];
    execFileSync("ip", ["link", "add", ...ends]);
    execFileSync("ip", ["-n", this.#near, "link", "set", "lwta", "arp", "off", "up"]);
    execFileSync("ip", ["-n", this.#far, "link", "set", "lwtb", "arp", "off", "up"]);
  }

  remove(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    for (const name of [this.#near, this.#far]) spawnSync("ip", ["netns", "del", name], { stdio: "ignore" });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a receiver and waits until it captures. */
  async receive(source: Record<string, unknown>, order: Partial<ReceiverOrder> = {}): Promise<Receiver> {
    const full: ReceiverOrder = {
      source: { interface: "lwtb", ...source },
      addonPath: this.addonPath,
      fanout: 0,
      keep: 0,
      startMs: 1200,
      blindMs: 0,
      ...order,
    };
    const command = [process.execPath, "--conditions=source", RECEIVER, JSON.stringify(full)];
    const child = spawn("ip", ["netns", "exec", this.#far, ...command], { stdio: ["pipe", "pipe", "inherit"] });
    this.#children.add(child);
    child.once("close", () => this.#children.delete(child));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const before = this.#count();
    return {
      arrived: () => this.#count() - before,
      stop: async () => {
        child.stdin.end("stop\n");
        const { value } = await lines.next();
        return JSON.parse(String(value)) as Received;
      },
    };
  }

  /** Sends frames once, or again and again, as fast as it goes or at a rate; returns when they are out. */
  send(frames: readonly Uint8Array[], { times = 1, pps = 0 } = {}): void {
    const path = join(this.folder, `${frames.length}-${frames[0]?.length}.pcap`);
    if (!existsSync(path)) writeFileSync(path, encodePcap(frames.map((octets, i) => ({ octets, atUs: i }))));
    const speed = pps === 0 ? ["--topspeed"] : ["--pps", String(pps)];
    const command = ["tcpreplay", "-q", "-K", "-i", "lwta", "-l", String(times), ...speed, path];
    execFileSync("ip", ["netns", "exec", this.#near, ...command], { stdio: "ignore", timeout: 30_000 });
  }

  /** Takes the far end away and puts a new one there. */
  replug(): void {
    execFileSync("ip", ["-n", this.#far, "link", "set", "lwtb", "down"]);
    execFileSync("ip", ["-n", this.#far, "link", "set", "lwtb", "up"]);
  }

  #count(): number {
    const path = "/sys/class/net/lwtb/statistics/rx_packets";
    return Number(execFileSync("ip", ["netns", "exec", this.#far, "cat", path], { encoding: "utf8" }));
  }
}
