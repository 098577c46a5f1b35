import { rmSync } from "node:fs";
import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { connectAsync } from "mqtt";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startBroker } from "../../src/sinks/broker.ts";
import { freePort } from "../mqtt/brokers.ts";
import { setUp, tab } from "./flows.ts";
import { example, type FlowNode, Listener, NodeRed, noNodeRed, packNodes, pause, until, VERSIONS } from "./rig.ts";

const NAMES = ["speak-alert", "ask-then-isolate", "mining-plug-off", "risk-dashboard"];

test.each(NAMES)("%s holds no token, and core nodes and ours only", (name) => {
  const core =
    /^(tab|comment|function|change|switch|template|http in|http response|http request|mqtt out|mqtt-broker|debug|catch)$/;
  for (const node of example(name)) {
    expect(node.type).toMatch(node.type.startsWith("lanwarden-") ? /./ : core);
    expect(node).not.toHaveProperty("credentials");
  }
  expect(JSON.stringify(example(name))).not.toMatch(/lw_[a-z0-9]{16,}|eyJ[A-Za-z0-9]/);
});

describe.skipIf(noNodeRed() !== undefined)("the examples do what they say", () => {
  let packed: { archive: string; folder: string };
  beforeAll(() => {
    packed = packNodes();
  });
  afterAll(() => rmSync(packed.folder, { recursive: true, force: true }));

  describe.each(VERSIONS)("$version", ({ version, port }) => {
    const red = new NodeRed(version, port);
    const hostile = '<b onclick="x">Hall camera</b>';
    let agent: FakeAgent;
    let home: Listener;
    beforeAll(async () => {
      red.install(packed.archive);
      await red.start();
    });
    afterAll(() => red.remove());
    beforeEach(async () => {
      agent = new FakeAgent({ verifyMs: 100 });
      agent.setDevice(makeDevice(1, { name: hostile, risk: { score: 61.2, level: "high", factors: [] } }));
      await agent.start();
      home = await new Listener().start();
    });
    afterEach(async () => {
      await red.deploy([tab]);
      await agent.stop();
      await home.stop();
    });
    const deploy = async (name: string, env: Record<string, string> = {}, change = (node: FlowNode) => node) => {
      await red.deploy(setUp(example(name), agent.url, env).map(change));
      await until(() => agent.listeners === 1);
    };
    const homeAssistant = () => ({ HOME_ASSISTANT: home.url, HOME_ASSISTANT_TOKEN: "secret" });

    test("speak-alert: Home Assistant is asked to say it", async () => {
      await deploy("speak-alert", homeAssistant());
      agent.setIncident("opened", makeIncident("low", { severity: "medium" }));
      agent.setIncident("opened", makeIncident("a"));
      await until(() => home.heard.length === 1);
      expect(home.heard[0]).toMatchObject({
        path: "/api/services/tts/speak",
        headers: { authorization: "Bearer secret" },
        body: { entity_id: "tts.home_assistant_cloud", media_player_entity_id: "media_player.kitchen" },
      });
      expect(home.heard[0]!.body.message).toMatch(/^[\p{L}\p{N} ,.'-]+Please look at your phone\.$/u);
    });

    test("ask-then-isolate: a key is good for one answer, and opening the page does nothing", async () => {
      await deploy("ask-then-isolate", { ...homeAssistant(), NODE_RED: red.url });
      agent.setIncident("opened", makeIncident("a"));
      await until(() => home.heard.length === 1);
      const { path, body } = home.heard[0]!;
      expect(path).toBe("/api/services/notify/mobile_app_phone");
      const url = (body.data as { url: string }).url;
      const page = await (await fetch(url)).text();
      expect(page).toContain("&lt;b onclick");
      expect(page).not.toContain("<b onclick");
      expect(agent.calls).toEqual([]);
      const answer = () =>
        fetch(url, { method: "POST", body: new URLSearchParams({ key: new URL(url).searchParams.get("key")! }) });
      expect(await (await answer()).text()).toContain("is isolated.");
      expect(agent.calls).toMatchObject([
        { method: "PUT", body: { for_seconds: 14_400, by: "node-red", incident: "a" } },
      ]);
      expect(await (await answer()).text()).toContain("no longer open");
      expect(await (await fetch(`${red.url}/lanwarden/isolate?key=guess`)).text()).toContain("no longer open");
      expect(agent.calls).toHaveLength(1);
    });

    test("ask-then-isolate: the page says why it was refused", async () => {
      await deploy("ask-then-isolate", { ...homeAssistant(), NODE_RED: red.url });
      agent.setMode("monitor");
      agent.setIncident("opened", makeIncident("a"));
      await until(() => home.heard.length === 1);
      const url = (home.heard[0]!.body.data as { url: string }).url;
      const key = new URL(url).searchParams.get("key")!;
      const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ key }) });
      expect(await answer.text()).toContain("monitor_mode");
    });

    test("mining-plug-off: the plug of the device goes off, once", async () => {
      const mqttPort = await freePort();
      const broker = await startBroker({ host: "127.0.0.1", port: mqttPort });
      const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`);
      try {
        const heard: string[] = [];
        let arrivals = 0;
        client.on("message", (topic, payload) => {
          if (topic.endsWith("/new/clients")) arrivals++;
          else heard.push(`${topic} ${payload}`);
        });
        await client.subscribeAsync(["zigbee2mqtt/#", "$SYS/+/new/clients"]);
        await deploy("mining-plug-off", {}, (node) =>
          node.type === "mqtt-broker" ? { ...node, port: String(mqttPort) } : node,
        );
        // Node-RED 4 drops what is to be published before it is connected.
        await until(() => arrivals > 0);
        await pause(300);
        agent.setIncident("opened", makeIncident("scan"));
        agent.setIncident("opened", makeIncident("m", { kind: "mining" }));
        agent.setIncident("updated", makeIncident("m", { kind: "mining", count: 2 }));
        agent.setIncident("opened", makeIncident("other", { kind: "mining", device: makeDevice(2).id }));
        await until(() => heard.length > 0);
        await pause(500);
        expect(heard).toEqual(['zigbee2mqtt/office_plug/set {"state":"OFF"}']);
      } finally {
        await client.endAsync(true);
        await red.deploy([tab]);
        await broker.close();
      }
    });

    test("risk-dashboard: a page with the risk of every device, names made harmless", async () => {
      await deploy("risk-dashboard");
      const page = await (await fetch(`${red.url}/lanwarden/risk`)).text();
      expect(page).toContain("<td>61<td>high");
      expect(page).toContain("&lt;b onclick");
      expect(page).not.toContain("<b onclick");
      await agent.stop();
      const answer = await fetch(`${red.url}/lanwarden/risk`);
      expect(answer.status).toBe(502);
      expect(await answer.text()).toContain("is not reached");
      await agent.start();
    });
  });
});
