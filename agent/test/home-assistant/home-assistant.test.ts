import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { freePort } from "../mqtt/brokers.ts";
import { Listener } from "../mqtt/listener.ts";
import { CAMERA, PLUG, quietHome, troubledHome } from "./captures.ts";
import {
  bin,
  eventually,
  HomeAssistant,
  measured,
  noHomeAssistant,
  type RegistryEntity,
  readLines,
  remove,
  type State,
  temporaryFolder,
} from "./rig.ts";

const reason = noHomeAssistant("a real Home Assistant");
const AGENT = "rig";
const CAMERA_12 = CAMERA.mac.replaceAll(":", "");
const PLUG_12 = PLUG.mac.replaceAll(":", "");

interface Expected {
  platform: string;
  name: string;
  state: (state: string) => boolean;
  attributes?: Record<string, unknown>;
  category?: string;
}

const oneOf =
  (...words: string[]) =>
  (state: string): boolean =>
    words.includes(state);
const aNumber =
  (least: number, most: number) =>
  (state: string): boolean =>
    Number(state) >= least && Number(state) <= most && state !== "";
const aTime = (state: string): boolean => Number.isFinite(Date.parse(state));

/** Entities of the hub that are there from the start, by key. */
const HUB: Record<string, Expected> = {
  threat: { platform: "binary_sensor", name: "Threat", state: oneOf("on"), attributes: { device_class: "safety" } },
  threat_level: {
    platform: "sensor",
    name: "Threat level",
    state: oneOf("medium", "high", "critical"),
    attributes: { device_class: "enum", options: ["none", "low", "medium", "high", "critical"] },
  },
  risk: { platform: "sensor", name: "Home risk", state: aNumber(1, 100), attributes: { state_class: "measurement" } },
  max_risk: {
    platform: "sensor",
    name: "Highest risk",
    state: aNumber(25, 100),
    attributes: { state_class: "measurement" },
  },
  open_incidents: {
    platform: "sensor",
    name: "Open incidents",
    state: aNumber(2, 20),
    attributes: { state_class: "measurement" },
  },
  devices_seen: { platform: "sensor", name: "Devices seen", state: aNumber(3, 10) },
  isolated_devices: { platform: "sensor", name: "Isolated devices", state: oneOf("0") },
  mining: {
    platform: "binary_sensor",
    name: "Bitcoin mining",
    state: oneOf("on"),
    attributes: { device_class: "problem", devices: 1, pools: [expect.stringContaining("pool.supportxmr.com")] },
  },
  summary: { platform: "sensor", name: "Summary", state: (text) => /Hall camera|Desk plug/.test(text) },
  guard_mode: {
    platform: "select",
    name: "Guard mode",
    state: oneOf("monitor"),
    attributes: { options: ["monitor", "ask", "protect"] },
  },
  tap: {
    platform: "binary_sensor",
    name: "Tap",
    state: oneOf("on"),
    attributes: { device_class: "connectivity" },
    category: "diagnostic",
  },
  ack_all: { platform: "button", name: "Acknowledge all", state: (text) => aTime(text) || text === "unknown" },
  incident: { platform: "event", name: "Incident", state: (text) => aTime(text) || text === "unknown" },
};
/** Entities of the hub that wait for a user who wants them. */
const HUB_DISABLED = ["mbps", "drop_ratio", "flows", "last_packet", "cpu", "rss"];

interface DeviceEntry {
  id: string;
  identifiers: unknown;
  via_device_id: string | null;
}

describe.skipIf(reason !== undefined)("in a real Home Assistant", () => {
  const folder = temporaryFolder();
  const configFile = join(folder, "lanwarden.yaml");
  let ha: HomeAssistant;
  let listener: Listener;
  let agent: ChildProcess | undefined;
  let log = "";
  let httpPort = 0;

  function startAgent(): void {
    agent = spawn(process.execPath, ["--conditions=source", bin, "run", "--config", configFile], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    readLines(agent, (line) => {
      log += `${line}\n`;
    });
  }

  async function endAgent(signal: NodeJS.Signals): Promise<void> {
    const child = agent;
    agent = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  let registry = new Map<string, RegistryEntity>();
  const readRegistry = (): void => {
    registry = new Map(ha.entities().map((entity) => [entity.unique_id, entity]));
  };
  const entityOf = (uniqueId: string): RegistryEntity => {
    if (!registry.has(uniqueId)) readRegistry();
    const entity = registry.get(uniqueId);
    if (!entity) throw new Error(`Home Assistant has no entity with the unique id ${uniqueId}`);
    return entity;
  };
  /** State of an entity by its unique id. */
  function stateOf(uniqueId: string): State {
    const { entity_id: id } = entityOf(uniqueId);
    const found = ha.states(`^${id.replace(".", "\\.")}$`)[0];
    if (!found) throw new Error(`${id} has no state`);
    return found;
  }
  const hub = (key: string): State => stateOf(`lanwarden_${AGENT}_${key}`);
  const camera = (key: string): State => stateOf(`lanwarden_${CAMERA_12}_${key}`);
  const becomes = async (what: string, look: () => string, wanted: (state: string) => boolean, limitMs = 30_000) =>
    (await eventually(what, () => wanted(look()), limitMs, 250)).ms;

  beforeAll(async () => {
    ha = new HomeAssistant("lwtest", 8153, 18_853);
    listener = await Listener.open(ha.mqtt, ["lanwarden/#"]);
    const [home, quiet] = [join(folder, "home.pcap"), join(folder, "quiet.pcap")];
    writeFileSync(home, troubledHome());
    writeFileSync(quiet, quietHome());
    httpPort = await freePort();
    const config = {
      agent: AGENT,
      data: join(folder, "data"),
      home: { networks: ["192.168.178.0/24"] },
      sources: [
        { type: "file", path: home, speed: "max" },
        { type: "file", path: quiet, speed: 1, loop: true },
      ],
      http: { listen: `127.0.0.1:${httpPort}` },
      mqtt: { url: ha.mqtt, link_by_mac: true },
      devices: [
        { mac: CAMERA.mac, name: "Hall camera", type: "camera", pinned: true },
        { mac: PLUG.mac, name: "Desk plug", type: "plug" },
      ],
    };
    writeFileSync(configFile, JSON.stringify(config));
  }, 170_000);

  afterAll(async () => {
    await endAgent("SIGTERM");
    await listener?.close();
    ha?.down();
    remove(folder);
  });

  it("appears with hub and devices, and the states are right", async () => {
    const begun = Date.now();
    startAgent();
    await eventually(
      "the entities",
      () => {
        const ids = ha.entities().map(({ unique_id: id }) => id);
        return [`lanwarden_${AGENT}_threat`, `lanwarden_${CAMERA_12}_mining`, `lanwarden_${PLUG_12}_risk`].every((id) =>
          ids.includes(id),
        );
      },
      30_000,
      250,
    );
    expect(log).not.toMatch(/"level":50/);
    measured(`from the start of the agent to its entities in Home Assistant: ${Date.now() - begun} ms`);
    const entityIds = Object.keys(HUB).map((key) => entityOf(`lanwarden_${AGENT}_${key}`).entity_id);
    let wrong: string[] = [];
    await eventually("right states of the hub", () => {
      const states = new Map(ha.states().map(({ entity_id: id, state }) => [id, state]));
      wrong = Object.entries(HUB)
        .filter(([, wanted], i) => !wanted.state(states.get(entityIds[i] ?? "") ?? ""))
        .map(([key], i) => `${key}: ${states.get(entityIds[i] ?? "")}`);
      return wrong.length === 0;
    }).catch((error: Error) => {
      throw new Error(`${error.message}: ${wrong.join(", ")}`);
    });
    measured(`from the start of the agent to right states in Home Assistant: ${Date.now() - begun} ms`);
    for (const [key, wanted] of Object.entries(HUB)) {
      const entity = entityOf(`lanwarden_${AGENT}_${key}`);
      expect(entity.entity_id.split(".")[0], key).toBe(wanted.platform);
      expect(entity.category ?? undefined, key).toBe(wanted.category);
      expect(hub(key).attributes, key).toMatchObject({
        friendly_name: `Lanwarden ${AGENT} ${wanted.name}`,
        ...wanted.attributes,
      });
    }
    for (const key of HUB_DISABLED) expect(ha.states(entityOf(`lanwarden_${AGENT}_${key}`).entity_id)).toEqual([]);
  });

  it("has the device's score with reasons, its threat, its mining and its pool", async () => {
    await becomes("the camera's threat", () => camera("threat").state, oneOf("on"));
    await becomes("the camera's risk", () => camera("risk").state, aNumber(25, 100));
    await becomes("the camera's mining", () => camera("mining").state, oneOf("on"));
    expect(camera("pool").state).toContain("pool.supportxmr.com");
    const { attributes } = camera("risk");
    expect(attributes).toMatchObject({
      state_class: "measurement",
      class: "camera",
      level: expect.stringMatching(/guarded|high|critical/),
    });
    expect((attributes.top_reasons as string[]).length).toBeGreaterThan(0);
    expect(attributes.unit_of_measurement).toBeUndefined();
    await becomes("the plug's threat", () => stateOf(`lanwarden_${PLUG_12}_threat`).state, oneOf("on"));
    readRegistry();
    expect(registry.has(`lanwarden_${PLUG_12}_mining`)).toBe(false);
    // Without a back-end there is nothing that could isolate.
    for (const key of [`${CAMERA_12}_isolated`, `${AGENT}_auto_isolate`, `${AGENT}_release_all`])
      expect(registry.has(`lanwarden_${key}`)).toBe(false);
    expect(ha.states(entityOf(`lanwarden_${CAMERA_12}_ip`).entity_id)).toEqual([]);
  });

  it("is linked to the user's own device with the same MAC, and lives below the hub", () => {
    const devices = ha.devices();
    const ours = devices.find(({ identifiers }) => JSON.stringify(identifiers).includes(`lanwarden_${CAMERA_12}`));
    const own = devices.filter(
      ({ connections, id }) => JSON.stringify(connections).includes(CAMERA.mac) && id !== ours?.id,
    );
    expect(own).toHaveLength(1);
    expect(ours?.name).toBe("Hall camera");
    expect(JSON.stringify(ours?.linked)).toContain(own[0]?.id);
    expect(JSON.stringify(own[0]?.linked)).toContain(ours?.id);
    const [registered] = ha.ws({ type: "config/device_registry/list" }) as [{ result?: DeviceEntry[] } | DeviceEntry[]];
    const entries = Array.isArray(registered) ? registered : (registered.result ?? []);
    const hubEntry = entries.find(({ identifiers }) => JSON.stringify(identifiers).includes(`lanwarden_${AGENT}"`));
    expect(hubEntry?.id).toBeDefined();
    expect(entries.find(({ id }) => id === ours?.id)?.via_device_id).toBe(hubEntry?.id);
    // The user's device keeps its own name and its own entities.
    expect(own[0]?.name).toBe("Hall camera");
  });

  it("takes the automation of the guide", async () => {
    const guide = readFileSync(
      fileURLToPath(new URL("../../../docs/guides/home-assistant.md", import.meta.url)),
      "utf8",
    );
    const text = /```yaml\n(alias: [\s\S]*?)```/.exec(guide)?.[1] ?? "";
    const { entity_id: id } = entityOf(`lanwarden_${AGENT}_incident`);
    expect(text).toContain("event.lanwarden_incident");
    const automation = parse(text.replace("event.lanwarden_incident", id)) as object;
    ha.rest("POST", "/api/config/automation/config/lanwarden_guide", automation);
    await eventually(
      "the automation",
      () => ha.states("^automation\\.tell_me_of_trouble")[0]?.state === "on",
      10_000,
      250,
    );
    expect(ha.pushes()).toEqual([]);
  });

  it("hears an incident as an event, of the hub and of the device", async () => {
    const before = Date.now();
    await listener.say(
      `lanwarden/${AGENT}/test_incident/set`,
      JSON.stringify({ kind: "port_scan", device: CAMERA.mac }),
    );
    const isNew = (state: State): boolean => Date.parse(state.state) >= before && state.attributes.kind === "port_scan";
    await eventually("the hub's event", () => isNew(hub("incident")), 10_000, 200);
    await eventually("the camera's event", () => isNew(camera("incident")), 10_000, 200);
    const { attributes } = hub("incident");
    expect(attributes).toMatchObject({
      event_type: "threat_detected",
      test: true,
      device: CAMERA.mac,
      title: "Drill: pretended port scan on Hall camera",
      message: expect.stringContaining("test"),
      severity: "medium",
    });
    expect(String(attributes.url)).toContain("#/incidents?incident=");
  });

  it("sends it to the phone", async () => {
    await eventually("the push", () => ha.pushes().length === 1, 5000, 250);
    expect(JSON.stringify(ha.pushes()[0])).toContain("Drill: pretended port scan on Hall camera");
  });

  it("sets the guard mode", async () => {
    const { entity_id: id } = entityOf(`lanwarden_${AGENT}_guard_mode`);
    listener.forget();
    const begun = Date.now();
    ha.service("select", "select_option", { entity_id: id, option: "ask" });
    await becomes("the agent's mode", () => String(listener.json(`lanwarden/${AGENT}/state`).mode), oneOf("ask"), 5000);
    measured(
      `from the selection in Home Assistant to the agent's answer: ${Date.now() - begun} ms, the rig's call included`,
    );
    await becomes("the select", () => hub("guard_mode").state, oneOf("ask"), 5000);
    ha.service("select", "select_option", { entity_id: id, option: "monitor" });
    await becomes("the select", () => hub("guard_mode").state, oneOf("monitor"), 5000);
  });

  it("takes a device's profile", async () => {
    const { entity_id: id } = entityOf(`lanwarden_${CAMERA_12}_profile`);
    ha.service("select", "select_option", { entity_id: id, option: "iot" });
    await becomes("the profile", () => camera("profile").state, oneOf("iot"), 5000);
    ha.service("select", "select_option", { entity_id: id, option: "auto" });
    await becomes("the profile", () => camera("profile").state, oneOf("auto"), 5000);
  });

  it("is unavailable after kill -9, and back with its states after a restart", async () => {
    await endAgent("SIGKILL");
    const gone = await becomes("unavailable", () => hub("threat").state, oneOf("unavailable"), 10_000);
    expect([camera("threat").state, hub("guard_mode").state, hub("incident").state]).toEqual(
      Array(3).fill("unavailable"),
    );
    measured(`from kill -9 to unavailable: ${gone} ms`);
    const begun = Date.now();
    startAgent();
    await becomes("back", () => hub("threat").state, oneOf("on"));
    await becomes("the camera", () => camera("mining").state, oneOf("on"));
    await becomes("the tap", () => hub("tap").state, oneOf("on"));
    measured(`from a restart of the agent to its states: ${Date.now() - begun} ms`);
  });

  it("is complete again after Home Assistant's restart, and tells what that has missed", async () => {
    for (const key of HUB_DISABLED) {
      const { entity_id: id } = entityOf(`lanwarden_${AGENT}_${key}`);
      ha.ws({ type: "config/entity_registry/update", entity_id: id, disabled_by: null });
    }
    ha.stop("ha");
    await listener.say(
      `lanwarden/${AGENT}/test_incident/set`,
      JSON.stringify({ kind: "brute_force", device: CAMERA.mac }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    ha.start("ha");
    await becomes("the hub", () => hub("threat").state, oneOf("on"), 60_000);
    await becomes(
      "the summary",
      () => hub("summary").state,
      (text) => /Hall camera|Desk plug/.test(text),
    );
    await becomes("the camera's risk", () => camera("risk").state, aNumber(25, 100));
    const { ms } = await eventually(
      "the missed event",
      () => hub("incident").attributes.kind === "brute_force",
      60_000,
      500,
    );
    measured(`from Home Assistant's states to the event that it missed: ${ms} ms`);
    await eventually("the camera's too", () => camera("incident").attributes.kind === "brute_force", 10_000, 500);
  });

  it("has the entities that the user enabled", async () => {
    const { entity_id: traffic } = entityOf(`lanwarden_${AGENT}_mbps`);
    await eventually("the traffic", () => ha.states(`^${traffic.replace(".", "\\.")}$`).length > 0, 20_000, 500);
    await becomes("its figure", () => hub("mbps").state, aNumber(0, 1000), 70_000);
    expect(hub("mbps").attributes).toMatchObject({
      device_class: "data_rate",
      unit_of_measurement: "Mbit/s",
      state_class: "measurement",
    });
    expect(Number(hub("drop_ratio").state)).toBe(0);
    expect(aNumber(0, 10_000)(hub("cpu").state)).toBe(true);
    expect(aNumber(20, 4000)(hub("rss").state)).toBe(true);
    expect(hub("rss").attributes).toMatchObject({ device_class: "data_size", unit_of_measurement: "MiB" });
    expect(hub("drop_ratio").attributes.unit_of_measurement).toBe("%");
    expect(aNumber(0, 1000)(hub("flows").state)).toBe(true);
    expect(Date.now() - Date.parse(hub("last_packet").state)).toBeLessThan(120_000);
  });

  it("is complete again after the broker was killed, and tells what was missed", async () => {
    ha.stop("broker");
    await becomes("unavailable", () => hub("threat").state, oneOf("unavailable"), 20_000);
    const answer = await fetch(`http://127.0.0.1:${httpPort}/api/v1/drills`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${readFileSync(join(folder, "data/admin-token"), "utf8").trim()}`,
      },
      body: JSON.stringify({ kind: "beaconing", device: CAMERA.mac }),
    });
    expect(answer.ok).toBe(true);
    ha.restart("broker", "--kill");
    await becomes("the hub", () => hub("threat").state, oneOf("on"), 40_000);
    await becomes("the camera", () => camera("mining").state, oneOf("on"));
    await becomes("the mode", () => hub("guard_mode").state, oneOf("monitor"));
    const { ms } = await eventually("the event", () => hub("incident").attributes.kind === "beaconing", 30_000, 500);
    measured(`from Home Assistant's states to the event of the outage: ${ms} ms`);
    await eventually("the camera's too", () => camera("incident").attributes.kind === "beaconing", 10_000, 500);
  });

  it("takes a device back that is no longer wanted", async () => {
    const stale = "homeassistant/device/lanwarden_00005e005399/config";
    const announcement = await new Promise<string>((resolve) => {
      void Listener.open(ha.mqtt, [`homeassistant/device/lanwarden_${CAMERA_12}/config`]).then((reader) => {
        reader.client.on("message", (_topic, payload) => {
          resolve(payload.toString());
          void reader.close();
        });
      });
    });
    await listener.say(
      stale,
      announcement.replaceAll(CAMERA_12, "00005e005399").replaceAll(CAMERA.mac, "00:00:5e:00:53:99"),
      true,
    );
    await eventually("the stale device", () => ha.entities("00005e005399").length > 0, 10_000, 250);
    await endAgent("SIGTERM");
    startAgent();
    const { ms } = await eventually("it goes", () => ha.entities("00005e005399").length === 0, 30_000, 250);
    measured(`from the start of the agent until a stale device is gone: ${ms} ms`);
    expect(ha.devices().some(({ identifiers }) => JSON.stringify(identifiers).includes("00005e005399"))).toBe(false);
    await becomes("the camera stays", () => camera("threat").state, oneOf("on"));
  });

  it("has told the phone each incident once, through all of this", () => {
    const told = ha.pushes().map((push) => /pretended ([a-z ]+) on/.exec(JSON.stringify(push))?.[1]);
    expect(told).toEqual(["port scan", "brute force", "beaconing"]);
  });

  it("goes offline in order", async () => {
    await endAgent("SIGTERM");
    await becomes("unavailable", () => hub("risk").state, oneOf("unavailable"), 5000);
    expect(log).not.toMatch(/"level":50|\bat .*\.ts:\d+/);
  });

  it("left no warning in Home Assistant's log", () => {
    expect(ha.complaints({ brokerStopped: true })).toBe("");
  });
});
