import { rmSync } from "node:fs";
import type { Incident } from "@lanwarden/contract/incident";
import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agentNode, entrance, ours, reporter, tab, watcher } from "./flows.ts";
import { Listener, NodeRed, noNodeRed, packNodes, pause, until, VERSIONS } from "./rig.ts";

const TYPES = ["acknowledge", "agent", "device", "incident", "isolate", "mining", "query", "risk-gate"];
/** Long enough for what must not come to have come. */
const QUIET_MS = 700;

describe.skipIf(noNodeRed() !== undefined)("the nodes in Node-RED", () => {
  let packed: { archive: string; folder: string };
  beforeAll(() => {
    packed = packNodes();
  });
  afterAll(() => rmSync(packed.folder, { recursive: true, force: true }));

  describe.each(VERSIONS)("$version", ({ version, port }) => {
    const red = new NodeRed(version, port);
    let agent: FakeAgent;
    let listener: Listener;
    beforeAll(async () => {
      red.install(packed.archive);
      await red.start();
    });
    afterAll(() => red.remove());
    beforeEach(async () => {
      agent = new FakeAgent({ verifyMs: 100 });
      agent.setDevice(makeDevice(1));
      agent.setDevice(makeDevice(2, { risk: { score: 80, level: "critical", factors: [] } }));
      await agent.start();
      listener = await new Listener().start();
    });
    afterEach(async () => {
      await red.deploy([tab]);
      await agent.stop();
      await listener.stop();
    });

    const told = (): string[] =>
      listener.heard.map(({ body }) => {
        const { id, count } = body.payload as Incident;
        return `${body.change} ${id} ${count}`;
      });
    const incidents = (config: object = {}) => [
      tab,
      agentNode(agent.url),
      ours("in", "incident", [["out"]], { severity: "info", changes: [], ...config }),
      ...reporter("out", listener.url),
    ];
    const connected = () => until(() => agent.listeners === 1);
    const send = (message: object) => red.ask("/send", message);

    test("lists the eight types, with help and texts", async () => {
      const sets = await red.ask<{ module: string; types: string[]; err?: string }[]>("/nodes");
      const set = sets.find(({ module }) => module === "@lanwarden/node-red");
      expect(set?.err).toBeUndefined();
      expect([...set!.types].sort()).toEqual(TYPES.map((type) => `lanwarden-${type}`));
      const page = await (await fetch(`${red.url}/nodes`, { headers: { accept: "text/html" } })).text();
      for (const type of TYPES) expect(page).toContain(`data-help-name="lanwarden-${type}"`);
      const texts = await red.ask<Record<string, unknown>>("/locales/@lanwarden/node-red/lanwarden?lng=en-US");
      expect(Object.keys(texts).sort()).toEqual([...TYPES, "common"].sort());
      const icon = await fetch(`${red.url}/icons/@lanwarden/node-red/lanwarden-incident.svg`);
      expect(await icon.text()).toContain("<svg");
    });

    test("an incident becomes one message with its device and words for a speaker", async () => {
      await red.deploy(incidents());
      await connected();
      agent.setIncident("opened", makeIncident("a"));
      await until(() => listener.heard.length === 1);
      const message = listener.heard[0]!.body;
      expect(message).toMatchObject({
        topic: "port_scan",
        change: "opened",
        payload: { id: "a", severity: "high" },
        incident: { id: "a" },
        device: { name: "Device 1" },
        speech: expect.stringMatching(/^Device 1 is .+\. Please look at your phone\.$/),
      });
    });

    test("the agent is killed and comes back: nothing lost, nothing twice", async () => {
      await red.deploy(incidents());
      await connected();
      agent.setIncident("opened", makeIncident("a"));
      await until(() => listener.heard.length === 1);
      await agent.stop();
      agent.setIncident("opened", makeIncident("b"));
      agent.setIncident("updated", makeIncident("b", { count: 2 }));
      await agent.start();
      await until(() => listener.heard.length === 3);
      agent.setIncident("resolved", makeIncident("a", { status: "resolved" }));
      await until(() => listener.heard.length === 4);
      await pause(QUIET_MS);
      expect(told()).toEqual(["opened a 1", "opened b 1", "updated b 2", "resolved a 1"]);
    });

    test("the agent no longer knows the number: only the news of what it tells anew", async () => {
      agent.setIncident("opened", makeIncident("old"));
      await red.deploy(incidents());
      await connected();
      agent.setIncident("opened", makeIncident("a"));
      agent.setIncident("opened", makeIncident("b"));
      await until(() => listener.heard.length === 2);
      await agent.stop();
      agent.setIncident("updated", makeIncident("b", { count: 5 }));
      agent.setIncident("opened", makeIncident("c"));
      agent.forgetStream();
      await agent.start();
      await until(() => listener.heard.length === 4);
      await pause(QUIET_MS);
      expect(told()).toEqual(["opened a 1", "opened b 1", "updated b 5", "opened c 1"]);
    });

    test("a deploy and a restart of Node-RED lose nothing and repeat nothing", async () => {
      await red.deploy(incidents());
      await connected();
      agent.setIncident("opened", makeIncident("a"));
      await until(() => listener.heard.length === 1);
      await red.deploy(incidents({ name: "renamed" }), "nodes");
      agent.setIncident("opened", makeIncident("b"));
      await until(() => listener.heard.length === 2);
      await red.stop();
      agent.setIncident("opened", makeIncident("c"));
      await red.start();
      await until(() => listener.heard.length === 3);
      await pause(QUIET_MS);
      expect(told()).toEqual(["opened a 1", "opened b 1", "opened c 1"]);
    });

    test("open incidents are sent at each deploy when asked, those and no others", async () => {
      agent.setIncident("opened", makeIncident("a"));
      agent.setIncident("opened", makeIncident("over", { status: "resolved" }));
      await red.deploy(incidents({ atDeploy: true }));
      await until(() => listener.heard.length === 1);
      agent.setIncident("opened", makeIncident("b"));
      await until(() => listener.heard.length === 2);
      await red.deploy(incidents({ atDeploy: true }));
      await until(() => listener.heard.length === 4);
      await pause(QUIET_MS);
      expect(told()).toEqual(["open a 1", "opened b 1", "open a 1", "open b 1"]);
    });

    test("a wrong token shows in the status and reaches a Catch node", async () => {
      await red.deploy([
        tab,
        agentNode(agent.url, "lw_wrong"),
        ours("in", "incident", [[]]),
        watcher("catch", "catch", "caught"),
        watcher("status", "status", "seen"),
        ...reporter("caught", listener.url),
        ...reporter("seen", listener.url),
      ]);
      const at = (path: string) => listener.heard.filter((heard) => heard.path === path).map(({ body }) => body);
      await until(() => at("/caught").length > 0 && at("/seen").length > 0);
      await until(() => at("/seen").some((body) => (body.status as { text: string }).text === "token refused"));
      expect(at("/caught")).toHaveLength(1);
      expect(at("/caught")[0]!.error).toMatchObject({ message: expect.stringContaining("token") });
      expect(JSON.stringify(listener.heard)).not.toContain("lw_wrong");
    });

    test("isolates and waits for the proof; a refusal goes to the second output", async () => {
      agent.refusals.set(makeDevice(2).id, "protected_device");
      await red.deploy([
        tab,
        agentNode(agent.url),
        ...entrance("enter", "/send", "iso"),
        ours("iso", "isolate", [["done"], ["no"]], { action: "message", minutes: "60", reason: "test" }),
        ...reporter("done", listener.url),
        ...reporter("no", listener.url),
      ]);
      await connected();
      await send({ action: "isolate", ip: "192.168.1.1" });
      await until(() => listener.heard.length === 1);
      expect(listener.heard[0]).toMatchObject({
        path: "/done",
        body: { payload: { name: "Device 1", isolated: { state: "yes", proof: "tap" } }, topic: makeDevice(1).id },
      });
      expect(agent.calls.at(-1)).toMatchObject({ body: { by: "node-red", for_seconds: 3600, reason: "test" } });
      await send({ action: "release", mac: "00-00-5E-00-53-01" });
      await until(() => listener.heard.length === 2);
      expect(listener.heard[1]).toMatchObject({ path: "/done", body: { payload: { isolated: { state: "no" } } } });
      await send({ action: "isolate", device: makeDevice(2).id });
      await until(() => listener.heard.length === 3);
      expect(listener.heard[2]).toMatchObject({ path: "/no", body: { refusal: { code: "protected_device" } } });
    });

    test("the gate passes calm devices and blocks risky and unknown ones", async () => {
      await red.deploy([
        tab,
        agentNode(agent.url),
        ...entrance("enter", "/send", "gate"),
        ours("gate", "risk-gate", [["pass"], ["block"]], { limit: "50", unknown: "block" }),
        ...reporter("pass", listener.url),
        ...reporter("block", listener.url),
      ]);
      await connected();
      await send({ payload: "192.168.1.1" });
      await until(() => listener.heard.length === 1);
      await send({ payload: { mac: makeDevice(2).mac } });
      await until(() => listener.heard.length === 2);
      await send({ device: "02:00:00:00:00:99", payload: 1 });
      await until(() => listener.heard.length === 3);
      expect(listener.heard.map(({ path, body }) => [path, (body.risk as { score?: number })?.score])).toEqual([
        ["/pass", 10],
        ["/block", 80],
        ["/block", undefined],
      ]);
      expect(listener.heard[0]!.body.payload).toBe("192.168.1.1");
    });

    test("acknowledges, and declares normal", async () => {
      agent.setIncident("opened", makeIncident("a"));
      await red.deploy([
        tab,
        agentNode(agent.url),
        ...entrance("enter", "/send", "ack"),
        ours("ack", "acknowledge", [["out"]], { action: "message" }),
        ...reporter("out", listener.url),
      ]);
      await connected();
      await send({ incident: { id: "a" }, action: "acknowledge" });
      await until(() => listener.heard.length === 1);
      await send({ incident: "a", action: "normal" });
      await until(() => listener.heard.length === 2);
      expect(listener.heard.map(({ body }) => (body.payload as Incident).status)).toEqual(["acknowledged", "resolved"]);
      expect(listener.heard[1]!.body.rule).toMatchObject({ id: "rule-a" });
    });

    test("a device tells when its risk crosses the threshold, not when it swings around it", async () => {
      const risk = (score: number) =>
        agent.setDevice(makeDevice(1, { risk: { score, level: "guarded", factors: [] } }));
      await red.deploy([
        tab,
        agentNode(agent.url),
        ours("dev", "device", [["out"]], { when: "risk", threshold: "50", hysteresis: "10" }),
        ...reporter("out", listener.url),
      ]);
      await connected();
      await pause(200);
      for (const score of [49, 51, 45, 55, 39, 45]) risk(score);
      await until(() => listener.heard.length === 2);
      await agent.stop();
      risk(70);
      await agent.start();
      await until(() => listener.heard.length === 3);
      await pause(QUIET_MS);
      expect(listener.heard.map(({ body }) => body.event)).toEqual(["risk_high", "risk_calm", "risk_high"]);
    });

    test("a device tells when it is isolated and released", async () => {
      await red.deploy([
        tab,
        agentNode(agent.url),
        ours("dev", "device", [["out"]], { when: "isolation", devices: [makeDevice(1).id] }),
        ...entrance("enter", "/send", "iso"),
        ours("iso", "isolate", [[], []], { action: "message" }),
        ...reporter("out", listener.url),
      ]);
      await connected();
      await pause(200);
      await send({ device: makeDevice(2).id, action: "isolate" });
      await send({ device: makeDevice(1).id, action: "isolate", minutes: null });
      await until(() => listener.heard.length === 2);
      await send({ device: makeDevice(1).id, action: "release" });
      await until(() => listener.heard.length === 3);
      expect(listener.heard.map(({ body }) => body.payload)).toMatchObject([
        { isolated: { state: "pending", until: null } },
        { isolated: { state: "yes" } },
        { isolated: { state: "no" } },
      ]);
    });

    test("mining: start, pool and end", async () => {
      const mining = (change: string, rest: Partial<Incident>) =>
        agent.setIncident(change, makeIncident("m", { kind: "mining", ...rest }));
      const at = (pool: string) => ({ evidence: { flow_ids: [], fields: { pool, coin: "Monero" } } });
      await red.deploy([
        tab,
        agentNode(agent.url),
        ours("mine", "mining", [["out"]]),
        ...reporter("out", listener.url),
      ]);
      await connected();
      mining("opened", at("a.example"));
      mining("updated", { ...at("a.example"), count: 2 });
      mining("updated", { ...at("b.example"), count: 3 });
      mining("resolved", { ...at("b.example"), count: 3, status: "resolved" });
      await until(() => listener.heard.length === 3);
      await pause(QUIET_MS);
      expect(listener.heard.map(({ body }) => [body.event, (body.mining as { pool: string }).pool])).toEqual([
        ["mining_started", "a.example"],
        ["mining_pool_changed", "b.example"],
        ["mining_stopped", "b.example"],
      ]);
    });

    test("asks what the agent knows", async () => {
      agent.setIncident("opened", makeIncident("a"));
      agent.setIncident("opened", makeIncident("b", { severity: "low" }));
      const query = (what: string) => [
        ...entrance(`enter_${what}`, `/ask/${what}`, what),
        ours(what, "query", [["out"]], { what, severity: "high", status: "open", limit: "10" }),
      ];
      const all = ["status", "devices", "device", "incidents", "flows", "mining"];
      await red.deploy([tab, agentNode(agent.url), ...all.flatMap(query), ...reporter("out", listener.url)]);
      await connected();
      const answers: unknown[] = [];
      for (const what of all) {
        await red.ask(`/ask/${what}`, { ip: "192.168.1.2" });
        await until(() => listener.heard.length === answers.length + 1);
        answers.push(listener.heard.at(-1)!.body.payload);
      }
      expect(answers).toMatchObject([{ agent: "test" }, [{}, {}], { name: "Device 2" }, [{ id: "a" }], [], []]);
    });

    test("the editor asks a deployed agent, and sends a stored token nowhere else", async () => {
      await red.deploy([tab, agentNode(agent.url), ours("in", "incident", [[]])]);
      await connected();
      const known = { agent: "test_agent", address: agent.url };
      expect(await red.ask("/lanwarden/test", known)).toMatchObject({ ok: true });
      expect(await red.ask("/lanwarden/devices", known)).toMatchObject({
        items: [{ name: "Device 1" }, { name: "Device 2" }],
      });
      const elsewhere = await red.ask<{ ok: boolean; reason: string }>("/lanwarden/test", {
        ...known,
        address: listener.url,
      });
      expect(elsewhere).toMatchObject({ ok: false, reason: expect.stringContaining("type the token again") });
      expect(listener.heard).toEqual([]);
      const typed = { agent: "new", address: agent.url, token: "lw_read" };
      expect(await red.ask("/lanwarden/devices", typed)).toMatchObject({ ok: true });
    });
  });
});
