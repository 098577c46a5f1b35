// Two network namespaces with a virtual cable between them, and one run over it: who sends, who receives, what the kernel counted on the cable.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isInstalled } from "./bench-measure.mjs";

const SCRIPT = join(import.meta.dirname, "..", "bench-live.mjs");
const ADDON = join(import.meta.dirname, "..", "..", "agent", "native", "af-packet", "build", "af-packet.node");
/** Time in which a capture program is up, and in which it has told its last losses (tcpdump is asked every 5 s). */
const START_MS = 2500;
const SETTLE_MS = { tcpdump: 6500, dumpcap: 1500, "af-packet": 2500 };
/** Clock ticks a second of /proc: 100 on every Linux of today. */
const TICKS = 100;

/** Why there can be no live run here, in words; empty when all is there. */
export function missingForLive() {
  if (process.platform !== "linux") return "network namespaces need Linux";
  if (process.getuid() !== 0) return "only root can make network namespaces: sudo -E npm run bench:live";
  const wanted = ["ip", "tcpreplay"].filter((program) => !isInstalled(program));
  return wanted.length > 0 ? `not installed: ${wanted.join(", ")} (Debian: iproute2, tcpreplay)` : "";
}

/** Whether a way of capturing is here. */
function absence(way) {
  if (way !== "af-packet") return isInstalled(way) ? "" : `${way} is not installed`;
  try {
    readFileSync(ADDON);
    return "";
  } catch {
    return "not built: npm run build:native";
  }
}

export class LiveRig {
  #names = { sender: `lw-bench-${process.pid}-a`, receiver: `lw-bench-${process.pid}-b` };

  up() {
    const { sender, receiver } = this.#names;
    for (const name of [sender, receiver]) {
      ip("netns", "add", name);
      // Nothing but what is sent: no neighbour discovery, no ARP.
      const keys = ["all", "default"].map((which) => `net.ipv6.conf.${which}.disable_ipv6=1`);
      spawnSync("ip", ["netns", "exec", name, "sysctl", "-qw", ...keys]);
    }
    ip(
      "link",
      "add",
      "lwa",
      "netns",
      sender,
      "mtu",
      "65000",
      "type",
      "veth",
      "peer",
      "name",
      "lwb",
      "netns",
      receiver,
      "mtu",
      "65000",
    );
    ip("-n", sender, "link", "set", "lwa", "arp", "off", "up");
    ip("-n", receiver, "link", "set", "lwb", "arp", "off", "promisc", "on", "up");
  }

  down() {
    for (const name of Object.values(this.#names)) spawnSync("ip", ["netns", "del", name], { stdio: "ignore" });
  }

  /** One run. Gives what was sent, received and dropped, CPU seconds of the receiver and of its capture program; or a note why not. */
  async run({ way, stage, sender, seconds }) {
    const note = absence(way) || (sender.note ?? "");
    if (note !== "") return { note };
    const before = this.#arrived();
    const order = JSON.stringify({ interface: "lwb", way, stage });
    const node = [process.execPath, "--conditions=source", SCRIPT, "--receive", order];
    const receiver = spawn("ip", ["netns", "exec", this.#names.receiver, ...node], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let told = { packets: 0, dropped: 0, cpuSeconds: 0, warnings: [] };
    const gone = new Promise((resolve) => receiver.once("close", resolve));
    let last = told;
    createInterface({ input: receiver.stdout }).on("line", (line) => {
      const next = JSON.parse(line);
      last = next;
      if (!next.isLast) told = next;
    });
    await sleep(START_MS);
    const cpuBefore = { ours: told.cpuSeconds, program: programSeconds(receiver.pid) };
    const sendSeconds = await this.#send(sender.command, seconds);
    await sleep(SETTLE_MS[way]);
    const cpuSeconds = told.cpuSeconds - cpuBefore.ours;
    const program = programSeconds(receiver.pid) - cpuBefore.program;
    receiver.stdin.end("stop\n");
    await gone;
    const sent = this.#arrived() - before;
    const { packets: received, dropped, invalid, events, warnings, rss } = last;
    for (const warning of warnings) console.log(`${way}: ${warning}`);
    const unaccounted = sent - received - dropped;
    return {
      sent,
      received,
      dropped,
      invalid,
      unaccounted,
      events,
      sendSeconds,
      cpuSeconds,
      programSeconds: program,
      rss,
    };
  }

  /** Sends, and gives the seconds that the sender says it took: loading the capture before is not among them. */
  async #send(command, seconds) {
    const child = spawn("ip", ["netns", "exec", this.#names.sender, ...command], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    const limit = setTimeout(() => child.kill("SIGTERM"), (seconds + 60) * 1000);
    await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(limit);
    const time = / in ([\d.]+) s/.exec(said)?.[1];
    return time === undefined ? seconds : Number(time);
  }

  /** Packets that came out of the cable, as the kernel counts them. */
  #arrived() {
    const path = "/sys/class/net/lwb/statistics/rx_packets";
    const { stdout } = spawnSync("ip", ["netns", "exec", this.#names.receiver, "cat", path], { encoding: "utf8" });
    return Number(stdout);
  }
}

function ip(...args) {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr.trim()}`);
}

/** CPU seconds so far of the programs that a process has started. `ip netns exec` becomes the program it starts: the pid is the receiver's. */
function programSeconds(pid) {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  const ticks = stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      try {
        const fields = readFileSync(`/proc/${line.trim()}/stat`, "utf8").split(") ")[1].split(" ");
        return Number(fields[11]) + Number(fields[12]);
      } catch {
        return 0;
      }
    });
  return ticks.reduce((sum, n) => sum + n, 0) / TICKS;
}
