import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { miningLogin, telnetScan } from "./captures.ts";
import { bin, eventually, HomeNet, measured, noHomeNet, remove, temporaryFolder, threats } from "./rig.ts";

interface Heard {
  atMs: number;
  topic: string;
  payload: string;
}

const reason = noHomeNet("the live tap");
/** CONTRACT §5: a person is told within so long of the packet. */
const LIMIT_MS = 2000;
const HUB_STATE = "lanwarden/live/state";
const CAMERA_STATE = "lanwarden/live/dev/ec71db005301/state";

describe.skipIf(reason !== undefined)("from the mirror port to the broker", () => {
  const folder = temporaryFolder();
  const configFile = join(folder, "lanwarden.yaml");
  const heard: Heard[] = [];
  let log = "";
  let net: HomeNet;

  beforeAll(async () => {
    net = new HomeNet("lwlive", "192.168.67", ["camera:10:ec:71:db:00:53:01", "plug:12:34:94:54:00:53:02"]);
    writeFileSync(
      join(folder, "mosquitto.conf"),
      "user root\nlistener 1883 127.0.0.1\nallow_anonymous true\nlog_dest none\n",
    );
    const config = {
      agent: "live",
      data: join(folder, "data"),
      home: { networks: ["192.168.0.0/16", "147.229.13.0/24", "172.16.0.0/12", "10.0.0.0/8"] },
      sources: [{ type: "interface", interface: "mon0" }],
      http: { listen: "127.0.0.1:8470" },
      mqtt: { url: "mqtt://127.0.0.1:1883" },
      devices: [{ mac: "ec:71:db:00:53:01", name: "Hall camera", pinned: true }],
    };
    writeFileSync(configFile, JSON.stringify(config));
    net.start("sensor", ["mosquitto", "-c", join(folder, "mosquitto.conf")]);
    net.run("sensor", "bash", "-c", "until (exec 3<>/dev/tcp/127.0.0.1/1883) 2>/dev/null; do sleep 0.1; done");
    // mosquitto_sub stamps what it hears, so that the way to this process is not counted.
    net.start("sensor", ["mosquitto_sub", "-h", "127.0.0.1", "-t", "lanwarden/#", "-F", "%U %t %p"], (line) => {
      const [at = "", topic = "", ...payload] = line.split(" ");
      heard.push({ atMs: Number(at) * 1000, topic, payload: payload.join(" ") });
    });
    const begun = Date.now();
    startAgent();
    await eventually("the agent is online", () => heard.some(({ payload }) => payload === "online"), 30_000).catch(
      (error) => {
        throw new Error(`${error.message}; its log:\n${log}`);
      },
    );
    await eventually("the tap is up", () => last("lanwarden/live/state")?.tap === "ON", 30_000);
    measured(`from the start of the agent to "online" and a tap that delivers: ${Date.now() - begun} ms`);
  }, 90_000);

  afterAll(() => {
    net?.down();
    remove(folder);
  });

  function startAgent(): void {
    const command = [process.execPath, "--conditions=source", bin, "run", "--config", configFile];
    net.start("sensor", command, (line) => {
      log += `${line}\n`;
    });
  }

  const last = (topic: string): Record<string, unknown> | undefined => {
    const text = heard.findLast((message) => message.topic === topic)?.payload;
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  };
  const incidents = (kind: string): { atMs: number; incident: Record<string, unknown> }[] =>
    heard
      .filter(({ topic }) => topic === "lanwarden/live/incident")
      .map(({ atMs, payload }) => ({ atMs, incident: JSON.parse(payload) as Record<string, unknown> }))
      .filter(
        ({ incident }) => incident.kind === kind && (incident.change === "opened" || incident.change === "escalated"),
      );

  /** Plays a capture into the mirror port and measures from the packet that gave it away to the broker. */
  async function replay(
    file: string,
    kind: string,
    { options = [] }: { options?: string[] } = {},
  ): Promise<Record<string, unknown>> {
    const before = incidents(kind).length;
    const begun = Date.now();
    const play = net.start("router", ["tcpreplay", "-q", "-i", "mir", ...options, file]);
    const { found } = await eventually(`${kind} of ${file}`, () => incidents(kind)[before], 45_000, 20);
    const packetMs = Date.parse(String(found.incident.last_seen));
    const delay = found.atMs - packetMs;
    measured(
      `${kind}: ${Math.round(delay)} ms from its packet to the broker, ${Math.round(found.atMs - begun)} ms from the start of the replay`,
    );
    expect(packetMs).toBeGreaterThan(begun - 50);
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThan(LIMIT_MS);
    if (play.exitCode === null) await eventually("the replay ends", () => play.exitCode !== null, 60_000);
    return found.incident;
  }

  it("sees the home's own traffic and names the device", async () => {
    net.run("camera", "bash", "-c", "exec 3<>/dev/tcp/192.168.67.12/80 || true");
    await eventually("the camera's state", () => last(CAMERA_STATE)?.ip === "192.168.67.10", 15_000);
  });

  it("tells of a miner within two seconds of its log-in", async () => {
    const file = join(folder, "mining.pcap");
    writeFileSync(file, miningLogin());
    const incident = await replay(file, "mining");
    expect(incident).toMatchObject({ event_type: "mining_started", device: "ec:71:db:00:53:01" });
    await eventually("the camera mines", () => last(CAMERA_STATE)?.mining === "ON", 3000);
    await eventually("the hub tells", () => last(HUB_STATE)?.mining === "ON" && last(HUB_STATE)?.threat === "ON", 3000);
  });

  it("tells of a scan within two seconds of the packet that makes it one", async () => {
    const file = join(folder, "scan.pcap");
    writeFileSync(file, telnetScan("closed"));
    const incident = await replay(file, "network_scan");
    expect(incident).toMatchObject({ device: "34:94:54:00:53:02", direction: "outbound" });
  });

  it("does so with a real port scan from a host of the home", async () => {
    const before = incidents("port_scan").length;
    const begun = Date.now();
    const tries = "for p in $(seq 20 220); do (exec 3<>/dev/tcp/192.168.67.12/$p); done 2>/dev/null; true";
    net.run("camera", "bash", "-c", tries);
    const { found } = await eventually("the port scan", () => incidents("port_scan")[before], 15_000, 20);
    const delay = found.atMs - Date.parse(String(found.incident.last_seen));
    measured(
      `port_scan by a host: ${Math.round(delay)} ms from its packet, ${Math.round(found.atMs - begun)} ms from the first connection`,
    );
    expect(delay).toBeLessThan(LIMIT_MS);
    expect(found.incident.attacker).toMatchObject({ ip: "192.168.67.10" });
  });

  it.skipIf(!existsSync(threats))("does so with recorded captures (skipped without ../shared/corpus)", async () => {
    const mining = join(folder, "recorded-mining.pcap");
    spawnSync("editcap", ["-F", "pcap", join(threats, "mining.pcapng"), mining]);
    // The recording spans a year: its packets are played at an even pace.
    await replay(mining, "mining", { options: ["--pps=100"] });
    await replay(join(threats, "synscan.pcap"), "port_scan", { options: ["--pps=200"] });
  });

  it("says offline when it is killed, and is online and sees when it is back", async () => {
    const status = (): string | undefined => heard.findLast(({ topic }) => topic === "lanwarden/live/status")?.payload;
    const pid = net.pidOf("sensor", configFile);
    expect(pid).toBeDefined();
    process.kill(pid ?? 0, "SIGKILL");
    const { ms } = await eventually("offline", () => status() === "offline", 5000, 20);
    measured(`kill -9 to "offline": ${ms} ms`);
    heard.length = 0;
    startAgent();
    await eventually("online", () => status() === "online", 20_000);
    await eventually("the tap", () => last(HUB_STATE)?.tap === "ON", 10_000);
    net.run("camera", "bash", "-c", "(exec 3<>/dev/tcp/192.168.67.12/80) 2>/dev/null; true");
    await eventually("the camera", () => last(CAMERA_STATE), 10_000);
  });

  it("said nothing odd", () => {
    expect(log).not.toMatch(/"level":50|\bat .*\.ts:\d+/);
  });
});
