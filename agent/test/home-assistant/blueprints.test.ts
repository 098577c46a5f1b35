import { appendFileSync, cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Device } from "@lanwarden/contract/device";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DrivenHome } from "./driven-home.ts";
import { type Call, eventually, HomeAssistant, noHomeAssistant } from "./rig.ts";

const reason = noHomeAssistant("blueprints in a real Home Assistant");
const folder = fileURLToPath(
  new URL("../../../integration/home-assistant/blueprints/automation/lanwarden", import.meta.url),
);
/** Long enough for a wrong sentence to be spoken, were there one. */
const SILENCE_MS = 3000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A media player that pushes to the phone what it should play. */
const RADIO = `
media_player:
  - platform: universal
    name: Radio
    commands:
      play_media:
        action: notify.mobile_app_phone
        data: { title: Radio, message: "{{ media_content_id }}" }
`;

describe.skipIf(reason !== undefined)("blueprints in a real Home Assistant", () => {
  let ha: HomeAssistant;
  let driven: DrivenHome;
  let camera: Device;
  let plug: Device;
  let calls: Call[] = [];

  const entityId = (uniqueId: string): string => {
    const found = ha.entities(uniqueId).find(({ unique_id: id }) => id === uniqueId);
    if (!found) throw new Error(`no entity ${uniqueId}`);
    return found.entity_id;
  };
  const state = (entity: string): string => ha.states(`^${entity.replaceAll(".", "\\.")}$`)[0]?.state ?? "";
  const notices = (): { notification_id: string; title: string }[] => {
    const [answer] = ha.ws({ type: "persistent_notification/get" }) as [{ result: never }];
    return answer.result;
  };
  /** Waits for a call that was not there at the last look, and takes all that are there by then as seen. */
  async function heard(what: string, wanted: (call: Call) => boolean, limitMs = 10_000): Promise<Call> {
    const seen = calls.length;
    const { found } = await eventually(what, () => ha.calls().slice(seen).find(wanted), limitMs, 250);
    calls = ha.calls();
    return found;
  }
  const spoken = (text: string | RegExp) => (call: Call) =>
    call.call === "announce" && Boolean(call.message?.match(text));
  const pushed = (text: string) => (call: Call) => call.call === "push" && JSON.stringify(call).includes(text);
  /** That nothing is said, pushed or switched for a while. */
  async function silence(): Promise<void> {
    const seen = ha.calls().length;
    await pause(SILENCE_MS);
    expect(ha.calls().slice(seen)).toEqual([]);
    calls = ha.calls();
  }
  async function automate(id: string, blueprint: string, input: object): Promise<void> {
    ha.rest("POST", `/api/config/automation/config/${id}`, {
      alias: id,
      use_blueprint: { path: `lanwarden/${blueprint}.yaml`, input },
    });
    await eventually(id, () => state(`automation.${id}`) === "on", 10_000, 250);
  }
  async function remove(id: string): Promise<void> {
    ha.rest("DELETE", `/api/config/automation/config/${id}`);
    await eventually(`${id} is gone`, () => state(`automation.${id}`) === "", 10_000, 250);
  }

  beforeAll(async () => {
    ha = new HomeAssistant("lwbp", 8154, 18_854);
    cpSync(folder, join(ha.config, "blueprints/automation/lanwarden"), { recursive: true });
    appendFileSync(join(ha.config, "configuration.yaml"), RADIO);
    ha.restart("ha");
    driven = new DrivenHome(ha.mqtt);
    driven.home.backend = true;
    await driven.open();
    camera = driven.device(1, { name: "Hall camera" });
    plug = driven.device(2, { name: "Desk plug" });
    await eventually("the devices", () => ha.entities("lanwarden_00005e005302_incident").length === 1, 20_000, 250);
    await pause(2000);
  }, 170_000);

  afterAll(async () => {
    await driven?.close();
    ha?.down();
  });

  const hubEvent = () => entityId("lanwarden_home_incident");
  const cameraEvent = () => entityId("lanwarden_00005e005301_incident");
  const plugEvent = () => entityId("lanwarden_00005e005302_incident");
  const phone = () => ha.devices().find(({ name }) => name === "Phone")?.id ?? "";
  const satellite = () => ha.states("^assist_satellite\\.")[0]?.entity_id ?? "";

  it("are taken by Home Assistant", () => {
    const [answer] = ha.ws({ type: "blueprint/list", domain: "automation" }) as [
      { result: Record<string, { error?: string }> },
    ];
    const ours = Object.entries(answer.result).filter(([path]) => path.startsWith("lanwarden/"));
    expect(ours).toHaveLength(readdirSync(folder).length);
    expect(ours.filter(([, { error }]) => error !== undefined)).toEqual([]);
  });

  it("announce: the first incident ever is spoken, a lesser one is not, what became of an isolation is", async () => {
    await automate("announce", "announce", {
      incidents: hubEvent(),
      least_severity: "high",
      satellites: [satellite()],
      quiet_from: "00:00:00",
      quiet_to: "00:00:00",
    });
    expect(state(hubEvent())).toBe("unknown");
    driven.raise(camera);
    const { message } = await heard("the sentence", spoken("Hall camera"));
    expect(message).toMatch(/scan/);
    driven.raise(camera, { severity: "medium" });
    await silence();
    driven.home.isolation(camera.id, { state: "yes", level: "wan", backend: "test", since: new Date().toISOString() });
    await heard("the isolation", spoken("Hall camera is isolated"));
    driven.home.isolation(camera.id, { state: "no", level: null, backend: null, since: null });
    await heard("the release", spoken("Hall camera is released"));
  });

  it("announce: an escalation is spoken, an update is not, and nothing twice", async () => {
    const incident = driven.raise(camera, { severity: "medium" });
    driven.sink.incident("updated", { ...incident, severity: "high", last_seen: "2026-11-22T10:00:01.000000+00:00" });
    await silence();
    const worse = { ...incident, severity: "critical" as const, last_seen: "2026-11-22T10:00:02.000000+00:00" };
    driven.sink.incident("escalated", worse);
    await heard("the escalation", spoken("Hall camera"));
    driven.sink.incident("escalated", worse);
    await silence();
  });

  it("announce: keeps quiet in quiet hours, but for the worst where that is wanted", async () => {
    await remove("announce");
    await automate("announce_quiet", "announce", {
      incidents: plugEvent(),
      least_severity: "low",
      satellites: [satellite()],
      quiet_from: "00:00:00",
      quiet_to: "23:59:59",
      critical_always: true,
    });
    driven.raise(plug);
    await silence();
    driven.raise(plug, { severity: "critical", kind: "ddos_outbound" });
    await heard("the worst", spoken("Desk plug is flooding"));
    await remove("announce_quiet");
  });

  it("announce: a voice says it on media players", async () => {
    await automate("announce_radio", "announce", {
      incidents: plugEvent(),
      players: ["media_player.radio"],
      voice: ha.states("^tts\\.")[0]?.entity_id,
      quiet_from: "00:00:00",
      quiet_to: "00:00:00",
    });
    driven.raise(plug);
    await heard("the radio", pushed("media-source://tts/"));
    await remove("announce_radio");
  });

  it("ask, then isolate: isolates for as long as the button says, and tells that it is so", async () => {
    await automate("ask", "ask-then-isolate", { incidents: hubEvent(), least_severity: "high", phones: [phone()] });
    const incident = driven.raise(camera);
    const push = await heard("the question", pushed("scans ports"));
    expect(push.data?.actions).toEqual([
      { action: `ISOLATE_lw-${incident.id}`, title: "Isolate for 4 hours", destructive: true },
      { action: `NORMAL_lw-${incident.id}`, title: "That's normal" },
      { action: `LATER_lw-${incident.id}`, title: "Later" },
    ]);
    ha.tap(`ISOLATE_lw-${incident.id}`);
    await heard("what became of it", pushed("Hall camera is isolated"));
    const [asked = ""] = driven.home.asked.filter((text) => text.startsWith("isolate"));
    expect(asked).toContain(camera.id);
    expect(JSON.parse(asked.slice(asked.indexOf("{")))).toEqual({
      by: "home-assistant",
      for_seconds: 14_400,
      incident: incident.id,
      reason: "asked on the phone",
    });
    expect(state(entityId("lanwarden_00005e005301_isolated"))).toBe("on");
    await driven.home.release(camera.id, "test");
  });

  it("ask, then isolate: tells why it was refused", async () => {
    driven.home.refusal = "Hall camera is on the list of devices that are never isolated.";
    const incident = driven.raise(camera);
    await heard("the question", pushed("scans ports"));
    ha.tap(`ISOLATE_lw-${incident.id}`);
    const push = await heard("the refusal", pushed("Hall camera was not isolated"));
    expect(push.message).toBe(driven.home.refusal);
    driven.home.refusal = undefined;
  });

  it("ask, then isolate: teaches what is normal", async () => {
    const incident = driven.raise(camera);
    await heard("the question", pushed("scans ports"));
    ha.tap(`NORMAL_lw-${incident.id}`);
    await eventually("the lesson", () => driven.home.asked.includes(`normal ${incident.id}`), 5000, 100);
    await remove("ask");
  });

  it("ask, then isolate: asks again later, and takes the question back when nobody answers", async () => {
    const input = { incidents: plugEvent(), least_severity: "high", phones: [phone()], patience: 0.1, later: 0.02 };
    await automate("ask_later", "ask-then-isolate", input);
    const incident = driven.raise(plug);
    await heard("the question", pushed("scans ports"));
    ha.tap(`LATER_lw-${incident.id}`);
    await heard("the question again", pushed("scans ports"));
    const isolated = driven.home.asked.filter((text) => text.startsWith("isolate")).length;
    await heard("it is taken back", pushed("clear_notification"), 15_000);
    expect(driven.home.asked.filter((text) => text.startsWith("isolate"))).toHaveLength(isolated);
    await remove("ask_later");
  });

  it("mining and plug: the plug goes off with a notice when both are true; a drill turns nothing off", async () => {
    const power = ha.states("^sensor\\..*power")[0]?.entity_id ?? "";
    const outlet = entityId("34:94:54:00:53:02_switch");
    const input = {
      incidents: plugEvent(),
      power,
      plug: outlet,
      threshold: 3000,
      for_minutes: 0.05,
      phones: [phone()],
    };
    await automate("plug_off", "mining-notice-plug-off", input);
    driven.raise(plug, { kind: "mining", title: "Drill: Desk plug is mining", test: true });
    await pause(4000);
    await silence();
    driven.raise(plug, { kind: "mining", title: "Desk plug is mining Monero" });
    const off = await heard("the plug", (call) => call.call === "switch" && call.on === false, 15_000);
    expect(off.entity_id).toBe(outlet);
    await eventually("the push", () => ha.calls().some(pushed("its plug is off")), 5000, 250);
    expect(notices().map(({ title }) => title)).toContain("Desk plug mines coins: its plug is off");
    calls = ha.calls();
    await remove("plug_off");
    await automate("plug_stays", "mining-notice-plug-off", { ...input, threshold: 5000, wait_minutes: 0.05 });
    driven.raise(plug, { kind: "mining", title: "Desk plug is mining Monero" });
    await pause(4000);
    await silence();
    await remove("plug_stays");
  });

  it("blind: a notice after some time, taken back when it sees again", async () => {
    await automate("blind", "tap-lost", {
      tap: entityId("lanwarden_home_tap"),
      minutes: 0.05,
      phones: [phone()],
    });
    driven.home.tap = "OFF";
    driven.sink.hub(driven.home.hub());
    await heard("the notice", pushed("Lanwarden is blind"), 15_000);
    expect(notices().map(({ notification_id: id }) => id)).toContain("lanwarden_tap");
    driven.home.tap = "ON";
    driven.sink.hub(driven.home.hub());
    await heard("the end", pushed("Lanwarden sees again"));
    expect(notices().map(({ notification_id: id }) => id)).not.toContain("lanwarden_tap");
    await driven.close();
    await heard("the notice", pushed("Lanwarden is not there"), 15_000);
    await driven.open();
    await heard("the end", pushed("Lanwarden sees again"));
    await remove("blind");
  });

  it("high risk: isolates when the score rises, and not again because of a restart", async () => {
    const risks = [entityId("lanwarden_00005e005301_risk")];
    await automate("high_risk", "high-risk-isolate", { risks, threshold: 75, minutes: 0.02, hours: 2 });
    const isolations = () => driven.home.asked.filter((text) => text.startsWith(`isolate ${camera.id}`)).length;
    const before = isolations();
    camera.risk = { score: 90, level: "critical", factors: [] };
    driven.sink.device(camera);
    await eventually("the isolation", () => isolations() === before + 1, 20_000, 250);
    expect(driven.home.asked.at(-1)).toContain('"for_seconds":7200');
    await driven.home.release(camera.id, "test");
    await driven.close();
    await eventually("unavailable", () => state(risks[0] ?? "") === "unavailable", 10_000, 250);
    await driven.open();
    await eventually("back", () => state(risks[0] ?? "") === "90", 10_000, 250);
    await pause(SILENCE_MS);
    expect(isolations()).toBe(before + 1);
    await remove("high_risk");
  });

  it("speak nothing because of a restart of Home Assistant, of the broker or of Lanwarden, and the next event at once", async () => {
    const input = { satellites: [satellite()], quiet_from: "00:00:00", quiet_to: "00:00:00", least_severity: "low" };
    await automate("ghost_camera", "announce", { ...input, incidents: cameraEvent() });
    await automate("ghost_ask", "ask-then-isolate", {
      incidents: hubEvent(),
      phones: [phone()],
      least_severity: "low",
    });
    const back = () => eventually("back", () => !["unavailable", ""].includes(state(hubEvent())), 60_000, 500);
    calls = ha.calls();
    const seen = calls.length;
    ha.restart("ha");
    await back();
    await pause(5000);
    ha.stop("broker");
    await eventually("unavailable", () => state(hubEvent()) === "unavailable", 20_000, 250);
    ha.start("broker");
    await back();
    await pause(5000);
    await driven.close();
    await eventually("unavailable", () => state(hubEvent()) === "unavailable", 20_000, 250);
    await driven.open();
    await back();
    await pause(5000);
    expect(ha.calls().slice(seen)).toEqual([]);
    driven.raise(camera);
    await eventually("the sentence", () => ha.calls().slice(seen).some(spoken("Hall camera")), 10_000, 250);
    await eventually("the question", () => ha.calls().slice(seen).some(pushed("scans ports")), 5000, 250);
    expect(ha.calls().slice(seen)).toHaveLength(2);
  }, 240_000);

  it("ask without a back-end: no button that could do nothing", async () => {
    driven.home.backend = false;
    driven.sink.hub(driven.home.hub());
    await eventually("the switch goes", () => ha.entities("lanwarden_00005e005301_isolated").length === 0, 10_000, 250);
    calls = ha.calls();
    driven.raise(camera, { title: "Hall camera scans again" });
    const push = await heard("the question", pushed("scans again"));
    expect(push.data?.actions).toEqual([
      expect.objectContaining({ title: "That's normal" }),
      expect.objectContaining({ title: "Later" }),
    ]);
  });

  it("left no warning in Home Assistant's log", () => {
    expect(ha.complaints({ brokerStopped: true })).toBe("");
  });
});
