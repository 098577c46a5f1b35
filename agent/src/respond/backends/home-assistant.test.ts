import type { HomeAssistantActions } from "@lanwarden/contract/home-assistant";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import type { IsolationTarget } from "../define.ts";
import { type HomeAssistantConfig, homeAssistant } from "./home-assistant.ts";

const camera: IsolationTarget = {
  device: "ec:71:db:00:53:01",
  mac: "ec:71:db:00:53:01",
  ips: ["fd00::10", "192.168.1.10"],
  name: "Hall camera",
};

/** A household with one switch, which a router's integration polls. */
class Household implements HomeAssistantActions {
  isUp = true;
  readonly states = new Map<string, string>();
  readonly calls: unknown[][] = [];
  pollMs = 0;

  async call(action: string, data: Readonly<Record<string, unknown>>, target?: Readonly<Record<string, unknown>>) {
    this.calls.push(target === undefined ? [action, data] : [action, data, target]);
    const entity = String(target?.entity_id ?? "");
    setTimeout(() => this.states.set(entity, action.endsWith("on") ? "on" : "off"), this.pollMs);
  }

  async state(entity: string): Promise<string | undefined> {
    return this.states.get(entity);
  }
}

const block: HomeAssistantConfig = {
  isolate: { action: "switch.turn_on", target: { entity_id: "switch.block_camera" } },
  release: { action: "switch.turn_off", target: { entity_id: "switch.block_camera" } },
  state: { entity: "switch.block_camera", isolated: "on" },
};
const script: HomeAssistantConfig = {
  isolate: { action: "script.block", data: { list: ["{mac}", "{mac_no_colons}", "{ip}", "{name}"], "{mac}": 1 } },
  release: { action: "script.allow", data: { who: "{mac}" } },
};

function open(config: HomeAssistantConfig, household: Household | undefined = new Household()) {
  const warnings: string[] = [];
  const backend = homeAssistant.open(config, "test", { homeAssistant: household, warn: (text) => warnings.push(text) });
  return { backend, household, warnings };
}

describe("an action of Home Assistant", () => {
  test("is called, waited for and read back", async () => {
    const { backend, household } = open(block);
    household.pollMs = 400;
    await backend.apply(camera);
    expect(await backend.list([camera])).toEqual([{ device: camera.device, key: camera.device }]);
    // Somebody switches it off by hand.
    household.states.set("switch.block_camera", "off");
    expect(await backend.list([camera])).toEqual([]);
    await backend.apply(camera);
    await backend.revert(camera);
    await backend.revert(camera);
    expect(await backend.list([camera])).toEqual([]);
    expect(household.calls.map(([action]) => action)).toEqual([
      "switch.turn_on",
      "switch.turn_on",
      "switch.turn_off",
      "switch.turn_off",
    ]);
  });

  test("that has no effect is told by its entity", async () => {
    const { backend, household } = open({ ...block, isolate: { action: "script.nothing" } });
    household.states.set("switch.block_camera", "off");
    await expect(backend.apply(camera)).rejects.toThrow('switch.block_camera does not say "on" yet');
  }, 10_000);

  test("after a restart of ours is read back by the entity, without one taken as it was left", async () => {
    const household = new Household();
    household.states.set("switch.block_camera", "on");
    expect(await open(block, household).backend.list([camera])).toHaveLength(1);
    household.states.set("switch.block_camera", "off");
    expect(await open(block, household).backend.list([camera])).toEqual([]);
    const { backend } = open(script, household);
    expect(await backend.list([camera])).toHaveLength(1);
    await backend.revert(camera);
    expect(await backend.list([camera])).toEqual([]);
  });

  test("gets what it asks for, and nothing that could be read as a template", async () => {
    const { backend, household, warnings } = open(script);
    await backend.apply({ ...camera, name: "{{ states('lock.door') }}\u202e{ip}" });
    expect(household.calls).toEqual([
      [
        "script.block",
        {
          list: ["ec:71:db:00:53:01", "ec71db005301", "192.168.1.10", " states(lock.door) ip"],
          "{mac}": 1,
        },
      ],
    ]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("no entity tells whether");
  });

  test("that names an address takes the old one back when it changes", async () => {
    const byAddress: HomeAssistantConfig = {
      isolate: { action: "script.block", data: { ip: "{ip}" } },
      release: { action: "script.allow", data: { ip: "{ip}" } },
    };
    const { backend, household } = open(byAddress);
    await backend.apply(camera);
    await backend.apply({ ...camera, ips: ["192.168.1.77"] });
    await backend.revert(camera);
    expect(household.calls).toEqual([
      ["script.block", { ip: "192.168.1.10" }],
      ["script.allow", { ip: "192.168.1.10" }],
      ["script.block", { ip: "192.168.1.77" }],
      ["script.allow", { ip: "192.168.1.77" }],
    ]);
  });

  test("may be each device's own, by MAC or by name", () => {
    const way = { isolate: { action: "a.b" }, release: { action: "a.c" } };
    const { backend } = open({ devices: { "EC:71:DB:00:53:01": way, "desk plug": way } });
    expect(backend.cannot(camera)).toBeUndefined();
    expect(backend.cannot({ ...camera, mac: null, name: "Desk plug" })).toBeUndefined();
    expect(backend.cannot({ ...camera, mac: null })).toBe("no action is configured for it");
    expect(backend.plan(camera)).toBe("call a.b for Hall camera");
  });

  test("cannot be called without what it asks for, nor while Home Assistant is away", async () => {
    const { backend, household } = open(script);
    expect(backend.cannot({ ...camera, mac: null })).toBe("no MAC of it is known");
    expect(backend.cannot({ ...camera, ips: [] })).toBe("no address of it is known");
    expect(await backend.notReady()).toBeUndefined();
    household.isUp = false;
    expect(await backend.notReady()).toBe("Home Assistant is not connected");
    const alone = homeAssistant.open(script, "test", { homeAssistant: undefined, warn: () => undefined });
    expect(await alone.notReady()).toBe("Home Assistant is not connected");
    await expect(alone.apply(camera)).rejects.toThrow("Home Assistant is not connected");
  });

  test.each([
    [{}, "nothing to do"],
    [{ isolate: { action: "a.b" } }, "isolate and release belong together"],
  ])("is checked: %j", (config, message) => {
    expect(() => open(config)).toThrow(message);
  });

  test.each([
    [block, true],
    [{ ...script, level: "dns", name: "My router" }, true],
    [{ isolate: { action: "no action" } }, false],
    [{ isolate: { action: "a.b", tarjet: {} } }, false],
    [{ level: "all" }, false],
  ])("has a schema: %j", (config, isGood) => {
    expect(Value.Check(homeAssistant.schema, config)).toBe(isGood);
  });
});
