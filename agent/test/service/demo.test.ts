import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@lanwarden/contract/api";
import type { Incident } from "@lanwarden/contract/incident";
import type { HubState } from "@lanwarden/contract/status";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import { isOneLine, runCli, startCli } from "../cli/run-cli.ts";
import { freePorts, until } from "./running-agent.ts";

const running: ReturnType<typeof startCli>[] = [];
const start = async (...more: string[]) => {
  const [port = 0, mqttPort = 0] = await freePorts(2);
  const demo = startCli(["demo", "--listen", `127.0.0.1:${port}`, "--mqtt", `127.0.0.1:${mqttPort}`, ...more]);
  running.push(demo);
  await demo.sees(/Ctrl-C ends it/);
  const tokenFile = /API token +(\S+)/.exec(demo.output)![1]!;
  return { demo, port, mqttPort, tokenFile, url: `http://127.0.0.1:${port}` };
};
afterEach(async () => {
  for (const demo of running.splice(0)) {
    if (demo.child.exitCode === null) demo.child.kill("SIGKILL");
    await demo.exited;
  }
});

describe("the demo", () => {
  test("has page, API, broker and eight kinds of incident within 20 s, and leaves nothing behind", async () => {
    const started = Date.now();
    const { demo, mqttPort, tokenFile, url } = await start();
    expect(demo.output).toContain(`${url}/`);
    const authorization = `Bearer ${readFileSync(tokenFile, "utf8").trim()}`;
    const get = async <Answer>(path: string, headers: Record<string, string> = { authorization }): Promise<Answer> =>
      (await (await fetch(`${url}${path}`, { headers })).json()) as Answer;

    const kinds = await until("eight kinds of incident", async () => {
      const { items } = await get<Page<Incident>>("/api/v1/incidents?limit=500");
      const found = new Set(items.map(({ kind }) => kind));
      return found.size >= 8 && found;
    });
    expect(kinds).toContain("mining");
    await until("ready", async () => (await fetch(`${url}/readyz`, { headers: { authorization } })).status === 200);
    expect(Date.now() - started).toBeLessThan(20_000);
    const hub = await get<HubState>("/api/v1/status");
    expect(hub).toMatchObject({ agent: "demo", demo: true, tap: "ON", threat: "ON", mining: "ON" });
    expect(hub.devices_seen).toBeGreaterThan(15);

    // The page logs its visitor in, and nobody else.
    const visitor = await fetch(`${url}/`);
    if (visitor.status === 200) {
      const cookie = visitor.headers.get("set-cookie")!.split(";")[0]!;
      expect(await get("/api/v1/session", { cookie })).toMatchObject({ scope: "admin" });
    }
    expect((await fetch(`${url}/api/v1/status`)).status).toBe(401);

    const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`);
    const seen = new Map<string, string>();
    client.on("message", (topic, payload) => seen.set(topic, payload.toString()));
    await client.subscribeAsync(["lanwarden/demo/#", "homeassistant/#"]);
    await until(
      "state and discovery",
      () =>
        seen.has("lanwarden/demo/state") && [...seen.keys()].some((topic) => topic.startsWith("homeassistant/device/")),
    );
    await client.endAsync(true);

    const folder = join(tokenFile, "..");
    const stopped = Date.now();
    demo.child.kill("SIGINT");
    expect(await demo.exited).toBe(0);
    expect(Date.now() - stopped).toBeLessThan(3000);
    expect(existsSync(folder)).toBe(false);
    expect(demo.output).not.toMatch(/\n\s+at |"level":[56]0/);
  }, 60_000);

  test("keeps its data where it is told to, and goes on with them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lanwarden-kept-"));
    const data = join(folder, "data");
    for (let round = 0; round < 2; round++) {
      const { demo, tokenFile } = await start("--data", data);
      expect(tokenFile).toBe(join(data, "admin-token"));
      demo.child.kill("SIGTERM");
      expect(await demo.exited).toBe(0);
      expect(readdirSync(data)).toEqual(["admin-token", "lanwarden.db"]);
    }
    rmSync(folder, { recursive: true });
  }, 60_000);

  test("a taken port is one line with the mend, and nothing is left behind", async () => {
    const [port = 0, free = 0] = await freePorts(2);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
    const folders = (): string[] =>
      readdirSync(tmpdir())
        .filter((name) => name.startsWith("lanwarden-demo-"))
        .sort();
    const before = folders();
    const page = runCli(["demo", "--listen", `127.0.0.1:${port}`, "--mqtt", `127.0.0.1:${free}`]);
    const broker = runCli(["demo", "--listen", `127.0.0.1:${free}`, "--mqtt", `127.0.0.1:${port}`]);
    for (const { status, stdout, stderr } of [page, broker]) {
      expect([status, stdout]).toEqual([2, ""]);
      expect(isOneLine(stderr), stderr).toBe(true);
    }
    expect(page.stderr).toMatch(/another program listens there; .*--listen/);
    expect(broker.stderr).toMatch(/another MQTT broker or program listens there; .*--mqtt/);
    expect(folders().filter((name) => !before.includes(name))).toEqual([]);
    const wrong = runCli(["demo", "--listen", "nonsense"]);
    expect([wrong.status, isOneLine(wrong.stderr)]).toEqual([2, true]);
    await new Promise((resolve) => server.close(resolve));
  }, 60_000);

  test("a signal that comes while it still starts ends it in order", async () => {
    const [port = 0, mqttPort = 0] = await freePorts(2);
    const started = Date.now();
    const demo = startCli(["demo", "--listen", `127.0.0.1:${port}`, "--mqtt", `127.0.0.1:${mqttPort}`]);
    running.push(demo);
    const folder = await until("its data folder", () =>
      readdirSync(tmpdir()).find(
        (name) => name.startsWith("lanwarden-demo-") && statSync(join(tmpdir(), name)).birthtimeMs >= started,
      ),
    );
    demo.child.kill("SIGINT");
    await demo.exited;
    expect(existsSync(join(tmpdir(), folder))).toBe(false);
    expect(demo.output).not.toMatch(/\n\s+at /);
  }, 60_000);
});
