import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { isOneLine, runCli } from "../cli/run-cli.ts";
import { freePorts, TestHome, until } from "./running-agent.ts";

const capture = buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000 }).builder.toPcap();
const FILE = { type: "file", path: "home.pcap", speed: "max" };

const others: TestHome[] = [];
const servers: Server[] = [];
const fresh = async (...args: Parameters<typeof TestHome.make>): Promise<TestHome> => {
  const made = await TestHome.make(...args);
  others.push(made);
  writeFileSync(join(made.folder, "home.pcap"), capture);
  return made;
};
const occupy = (port: number): Promise<void> =>
  new Promise((resolve) => servers.push(createServer().listen(port, "127.0.0.1", () => resolve())));

afterEach(async () => {
  for (const other of others.splice(0)) await other.remove();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe("what cannot be started", () => {
  const fails = async (made: TestHome): Promise<string> => {
    const { status, stdout, stderr } = runCli(["run", "--config", made.config]);
    expect(status, stderr).toBe(2);
    expect(isOneLine(stderr), stderr).toBe(true);
    expect(stdout).toBe("");
    return stderr;
  };

  test("a taken port, of the page or of the broker", async () => {
    const page = await fresh([FILE]);
    await occupy(page.port);
    expect(await fails(page)).toMatch(
      /^lanwarden: 127\.0\.0\.1:\d+: another program listens there; stop it, or choose another/,
    );
    const broker = await fresh([FILE]);
    await occupy(broker.mqttPort);
    expect(await fails(broker)).toMatch(/^lanwarden: 127\.0\.0\.1:\d+: another MQTT broker or program listens there/);
  });

  test("a bad configuration, and none", async () => {
    const bad = await fresh([FILE], { mqqt: {} });
    expect(await fails(bad)).toMatch(/lanwarden\.yaml: mqqt: unknown key; did you mean "mqtt"\?$/m);
    bad.configure([{ type: "file", path: "home.pcap", speed: "fast" }]);
    expect(await fails(bad)).toMatch(/sources\[0\]/);
    expect(runCli(["run", "--config", join(bad.folder, "none.yaml")]).stderr).toMatch(
      /no such file; "lanwarden init" writes/,
    );
  });

  test("a data folder that cannot be written, and a database that is none", async () => {
    const folder = await fresh([FILE], { data: "./home.pcap/data" });
    expect(await fails(folder)).toMatch(/^lanwarden: data folder .*home\.pcap\/data: cannot be written \(ENOTDIR\)/);
    const damaged = await fresh([FILE], { data: "." });
    writeFileSync(join(damaged.folder, "lanwarden.db"), "x".repeat(5000));
    expect(await fails(damaged)).toMatch(/lanwarden\.db: damaged or no database .*move it away to start afresh$/m);
  });
});

describe("a source that is not there", () => {
  test("is said, and tried until it comes", async () => {
    const made = await fresh([
      { type: "file", path: "later.pcap", speed: "max" },
      { type: "interface", interface: "nosuch0" },
    ]);
    made.start();
    await until("both reasons", async () => /later\.pcap.*nosuch0/.test((await made.readiness())?.detail ?? ""));
    const hub = await made.hub();
    expect(hub).toMatchObject({ tap: "OFF", sentence: "The tap is down: the home is not watched." });
    expect(hub.tap_reason).toMatch(/later\.pcap.*; .*nosuch0/);
    expect(made.output).toMatch(/later\.pcap.*tried again/);
    expect(made.output).not.toMatch(/\n\s+at /);

    writeFileSync(join(made.folder, "later.pcap"), capture);
    await until("the capture's devices", async () => (await made.devices()).length > 15);
    await until("the missing interface alone", async () => {
      const { detail = "" } = (await made.readiness()) ?? {};
      return detail.includes("nosuch0") && !detail.includes("later.pcap");
    });
    const metrics = async (): Promise<string> => (await made.call("/metrics")).text();
    await until("packets in the metrics", async () => /^lanwarden_packets_total [1-9]/m.test(await metrics()));
    expect(await metrics(), "a source that fails costs the others nothing").toMatch(
      /^lanwarden_sensor_restarts_total 0$/m,
    );
    expect(await made.stop()).toBe(0);
  }, 60_000);
});

describe("SIGHUP", () => {
  test("reads the configuration again; refuses a bad one and one that cannot be had, and goes on", async () => {
    const made = await fresh([FILE], { home: { name: "One", networks: ["192.168.178.0/24"] } });
    made.start();
    await made.ready();
    await made.over();
    const ids = (await made.incidents()).map(({ id }) => id).sort();
    const nameOf = async (): Promise<string> => (await made.get<{ home: { name: string } }>("/config")).home.name;
    expect(await nameOf()).toBe("One");

    made.configure([FILE], { home: { name: "Two", networks: ["192.168.178.0/24"] } });
    made.process!.child.kill("SIGHUP");
    await until(
      "the new name",
      async () =>
        made.output.includes("again") && (await made.readiness())?.status === 200 && (await nameOf()) === "Two",
    );
    await made.over();
    expect((await made.incidents()).map(({ id }) => id).sort()).toEqual(ids);

    made.configure([FILE], { nonsense: 1 });
    made.process!.child.kill("SIGHUP");
    await made.process!.sees(/nonsense: unknown key.*the former configuration goes on/);
    expect(await nameOf()).toBe("Two");

    const [taken = 0] = await freePorts(1);
    await occupy(taken);
    made.configure([FILE], { mqtt: { url: "embedded", listen: `127.0.0.1:${taken}` } });
    made.process!.child.kill("SIGHUP");
    await made.process!.sees(/another MQTT broker or program listens there.*the former configuration goes on/);
    await until("the former agent", async () => (await made.readiness())?.status === 200);
    expect(await nameOf()).toBe("Two");
    expect(await made.stop()).toBe(0);
    expect(made.output).not.toMatch(/\n\s+at /);
  }, 90_000);
});

describe("init and config check", () => {
  test("the sample is written once, is good, and errors name the key", async () => {
    const made = await fresh([FILE]);
    const path = join(made.folder, "sample.yaml");
    expect(runCli(["init", path]).stdout).toMatch(/^Wrote .*sample\.yaml\. Set the interface/);
    expect(readFileSync(path, "utf8")).toContain("sources:");
    const again = runCli(["init", path]);
    expect([again.status, isOneLine(again.stderr)]).toEqual([2, true]);
    expect(again.stderr).toMatch(/it exists already; --force replaces it/);
    expect(runCli(["init", path, "--force"]).status).toBe(0);
    expect(runCli(["config", "check", path])).toMatchObject({
      status: 0,
      stderr: "",
      stdout: `${path}: good. 1 source, page on http://127.0.0.1:8470/\n`,
    });
    writeFileSync(path, readFileSync(path, "utf8").replace("interface: eth1", "interface: 5"));
    const bad = runCli(["config", "check", path]);
    expect([bad.status, isOneLine(bad.stderr)]).toEqual([2, true]);
    expect(bad.stderr).toMatch(/sources\[0\]: .*interface/);
    expect(runCli(["init", join(made.folder, "home.pcap/x.yaml")]).stderr).toMatch(/cannot be written \(ENOTDIR\)/);
    expect(existsSync(join(made.folder, "data"))).toBe(false);
  });
});
