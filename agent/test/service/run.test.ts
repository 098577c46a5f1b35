import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { runCli } from "../cli/run-cli.ts";
import { TestHome, until } from "./running-agent.ts";

const capture = buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000 }).builder.toPcap();
let home: TestHome;

describe("the service over a capture", () => {
  beforeAll(async () => {
    home = await TestHome.make([{ type: "file", path: "home.pcap", speed: "max" }]);
    writeFileSync(join(home.folder, "home.pcap"), capture);
    home.start();
    await home.ready();
    await home.over();
  }, 60_000);
  afterAll(() => home.remove());

  test("is ready, and stays up with what the capture showed", async () => {
    expect(await home.readiness()).toEqual({ status: 200, detail: "" });
    const hub = await home.hub();
    expect(hub).toMatchObject({ agent: "home", demo: false, tap: "OFF", threat: "ON", mining: "ON" });
    expect(hub.devices_seen).toBeGreaterThan(15);
    expect(hub.sentence).not.toContain("tap is down");
    expect(statSync(join(home.folder, "data")).mode & 0o777).toBe(0o700);
    expect(statSync(join(home.folder, "data/admin-token")).mode & 0o777).toBe(0o600);
  });

  test("knows devices, incidents, flows and applications", async () => {
    const kinds = new Set((await home.incidents()).map(({ kind }) => kind));
    for (const kind of ["mining", "port_scan", "arp_spoofing", "brute_force", "default_credentials"])
      expect(kinds, kind).toContain(kind);
    const devices = await home.devices();
    expect(devices.some(({ type }) => type === "camera")).toBe(true);
    const [riskiest] = devices;
    expect(riskiest!.risk.score).toBeGreaterThan(50);
    const flows = await home.get<{ items: object[]; next: string | null }>("/flows?limit=1000");
    expect(flows.items).toHaveLength(1000);
    expect(flows.next).not.toBeNull();
    expect((await home.get<{ items: object[] }>("/applications")).items.length).toBeGreaterThan(5);
    expect((await home.get<{ items: { pool: string }[] }>("/mining")).items[0]?.pool).toBe("pool.supportxmr.com:3333");
  });

  test("answers its own command line", () => {
    const cli = (...args: string[]) => runCli([...args, "--config", home.config]);
    const devices = JSON.parse(cli("devices", "--json").stdout) as { id: string; name: string }[];
    expect(devices.length).toBeGreaterThan(15);
    const table = cli("devices").stdout;
    expect(table).toMatch(/^Risk +Device +Type +Address +Vendor\n/);
    expect(table.split("\n").every((line) => line.length <= 100)).toBe(true);
    const incidents = JSON.parse(cli("incidents", "--json", "--all").stdout) as { kind: string }[];
    expect(incidents.map(({ kind }) => kind)).toContain("mining");
    expect(cli("incidents").stdout).toMatch(/^(CRITICAL|HIGH|MEDIUM|LOW|INFO)/);

    const made = JSON.parse(cli("token", "create", "phone", "--scope", "read", "--json").stdout) as {
      id: string;
      token: string;
    };
    const tokenFile = join(home.folder, "phone-token");
    writeFileSync(tokenFile, `${made.token}\n`);
    const url = `http://127.0.0.1:${home.port}/`;
    expect(runCli(["devices", "--json", "--url", url, "--token-file", tokenFile]).status).toBe(0);
    const refused = runCli(["token", "list", "--url", url, "--token-file", tokenFile]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/says 403: This needs the scope admin; yours is read\.\n$/);
    expect(cli("token", "list").stdout).toMatch(new RegExp(`${made.id} +read .* phone`));
    expect(cli("token", "list", "--json").stdout).not.toContain(made.token);
    expect(cli("token", "revoke", made.id).stdout).toBe(`Revoked ${made.id}.\n`);
    expect(cli("token", "revoke", made.id)).toMatchObject({ status: 2 });
    expect(runCli(["devices", "--url", url, "--token-file", tokenFile]).stderr).toMatch(/says 401/);
  });

  test("tells the broker", async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${home.mqttPort}`);
    const seen = new Map<string, string>();
    client.on("message", (topic, payload) => seen.set(topic, payload.toString()));
    await client.subscribeAsync("lanwarden/home/#");
    await until("retained state", () => seen.has("lanwarden/home/state") && seen.has("lanwarden/home/status"));
    expect(seen.get("lanwarden/home/status")).toBe("online");
    expect(JSON.parse(seen.get("lanwarden/home/state")!)).toMatchObject({ threat: "ON", mining: "ON" });
    await client.endAsync();
  });

  test("a drill is of the present, and what a person says of a device is kept", async () => {
    const [device] = await home.devices();
    const json = { "content-type": "application/json" };
    const drill = await home.call("/api/v1/drills", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ kind: "mining", device: device!.id }),
    });
    expect(drill.status).toBe(201);
    const made = (await drill.json()) as { first_seen: string; test: boolean };
    expect(made.test).toBe(true);
    expect(Date.now() - Date.parse(made.first_seen)).toBeLessThan(60_000);
    const named = await home.call(`/api/v1/devices/${device!.id}`, {
      method: "PATCH",
      headers: json,
      body: JSON.stringify({ name: "Grandma's thing" }),
    });
    expect(await named.json()).toMatchObject({ name: "Grandma's thing", name_source: "user" });
    const titled = (await home.incidents(`?device=${device!.id}`)).find(({ test: isDrill }) => !isDrill);
    if (titled?.title.includes("{device}")) expect.fail("a title was not filled in");
  });

  test("over a restart: same incidents, not doubled, same words, numbers of events go on; SIGTERM ends it in time", async () => {
    const before = (await home.incidents()).filter((incident) => !incident.test);
    const [first] = before.filter(({ status }) => status === "open");
    expect((await home.call(`/api/v1/incidents/${first!.id}/acknowledge`, { method: "POST" })).status).toBe(200);
    const rule = (await (
      await home.call(`/api/v1/incidents/${before.at(-1)!.id}/normal`, { method: "POST" })
    ).json()) as { id: string };
    const names = (await home.devices()).map(({ id, name }) => `${id} ${name}`).sort();

    const started = Date.now();
    expect(await home.stop()).toBe(0);
    expect(Date.now() - started).toBeLessThan(3000);
    expect(home.output).not.toMatch(/\n\s+at /);

    home.start();
    await home.ready();
    await home.over();
    const after = (await home.incidents()).filter((incident) => !incident.test);
    const known = new Set(before.map(({ id }) => id));
    // The capture is played again: what it shows joins the incidents that are there.
    expect(after.filter(({ id }) => !known.has(id)).map(({ title }) => title)).toEqual([]);
    expect(after).toHaveLength(before.length);
    expect(after.find(({ id }) => id === first!.id)?.status).toBe("acknowledged");
    expect((await home.get<{ items: { id: string }[] }>("/normal")).items.map(({ id }) => id)).toContain(rule.id);
    expect((await home.devices()).map(({ id, name }) => `${id} ${name}`).sort()).toEqual(names);
  }, 60_000);

  test("killed: no incident is lost, forgotten or told twice", async () => {
    const before = (await home.incidents()).map(({ id, status }) => `${id} ${status}`).sort();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    home.process!.child.kill("SIGKILL");
    await home.process!.exited;
    home.start();
    await home.ready();
    expect(home.output).not.toContain("of before a crash are closed");
    const after = (await home.incidents()).map(({ id, status }) => `${id} ${status}`).sort();
    expect(after.map((line) => line.split(" ")[0])).toEqual(before.map((line) => line.split(" ")[0]));
    const open = (await home.incidents()).find(({ status, test: isDrill }) => status === "open" && !isDrill);
    expect((await home.call(`/api/v1/incidents/${open!.id}/acknowledge`, { method: "POST" })).status).toBe(200);
  }, 60_000);
});
