import type { HomeAssistantSettings, KnownDevice, PushAnswer } from "@lanwarden/contract/home-assistant";
import { makeDevice, makeHub, makeIncident } from "@lanwarden/contract/test-double/samples";
import { openHomeAssistantLink } from "@lanwarden/home-assistant/link/link";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CAMERA } from "./captures.ts";
import { type Call, eventually, HomeAssistant, measured, noHomeAssistant } from "./rig.ts";

const reason = noHomeAssistant("the link to a real Home Assistant");
const AGENT = "lw_link";
const MAC = CAMERA.mac;
const camera = (change: Parameters<typeof makeDevice>[1] = {}) =>
  makeDevice(1, { id: MAC, mac: MAC, name: "Hall camera", name_source: "home-assistant", type: "camera", ...change });
const scan = (id: string, change: Parameters<typeof makeIncident>[1] = {}) =>
  makeIncident(id, {
    kind: "network_scan",
    direction: "outbound",
    title: "Hall camera scans the internet",
    device: MAC,
    first_seen: new Date().toISOString(),
    ...change,
  });

describe.skipIf(reason !== undefined)("the link to a real Home Assistant", () => {
  let ha: HomeAssistant;
  let satellite = "";
  let voice = "";
  let open: ReturnType<typeof openLink>[] = [];

  function openLink(settings: Partial<HomeAssistantSettings> = {}) {
    const told = {
      devices: [] as (readonly KnownDevice[])[],
      versions: [] as string[],
      answers: [] as PushAnswer[],
      warnings: [] as string[],
    };
    const link = openHomeAssistantLink(
      {
        url: ha.url,
        token: ha.token,
        agent: AGENT,
        pageUrl: "http://127.0.0.1:8470/",
        push: "auto",
        speak: [satellite],
        tts: undefined,
        quiet: undefined,
        severity: "medium",
        ...settings,
      },
      {
        devices: (known) => told.devices.push(known),
        version: (version) => told.versions.push(version),
        answer: (answer) => told.answers.push(answer),
        warn: (message) => told.warnings.push(message),
        info: () => undefined,
      },
    );
    link.hub(makeHub({ mode: "ask" }));
    return { link, told };
  }

  /** Connected, with phones, speakers and devices known. */
  async function opened(settings: Partial<HomeAssistantSettings> = {}) {
    const made = openLink(settings);
    open.push(made);
    await eventually("devices", () => made.told.devices.length > 0);
    return made;
  }

  const callsOf = (kind: string, text: string): Call[] =>
    ha.calls().filter((call) => call.call === kind && JSON.stringify(call).includes(text));
  const one = (kind: string, text: string, limitMs = 5000) =>
    eventually(`${kind} with ${text}`, () => callsOf(kind, text)[0], limitMs).then(({ found }) => found);

  beforeAll(() => {
    ha = new HomeAssistant("lwlink", 8151, 18_851);
    satellite = ha.states("^assist_satellite\\.")[0]!.entity_id;
    voice = ha.states("^tts\\.")[0]!.entity_id;
  }, 180_000);
  afterEach(async () => {
    for (const { link } of open) await link.close();
    open = [];
  });
  afterAll(() => ha?.down());

  it("tells version, and the household's devices with name, room and firmware", async () => {
    const { told } = await opened();
    expect(told.versions[0]).toMatch(/^20\d\d\.\d+/);
    expect(told.devices[0]).toContainEqual({
      mac: MAC,
      name: "Hall camera",
      area: "Hall",
      manufacturer: "Reolink",
      model: "E1 Pro",
      firmware: { installed: "3.0.0.660", latest: "3.1.0.2649" },
    });
    expect(told.devices[0]?.length).toBeGreaterThanOrEqual(4);
    expect(told.warnings).toEqual([]);
  });

  it("hears of a new name and a new room", async () => {
    const { told } = await opened();
    const [listed] = ha.ws({ type: "config/device_registry/list" }) as [{ result: { id: string; name: string }[] }];
    const plug = listed.result.find(({ name }) => name === "Desk plug")!;
    const rename = (name: string | null, area: string): void =>
      void ha.ws({ type: "config/device_registry/update", device_id: plug.id, name_by_user: name, area_id: area });
    rename("Mining rig", "kitchen");
    const latest = () => told.devices.at(-1)?.find(({ manufacturer }) => manufacturer === "Shelly");
    await eventually("the new name", () => latest()?.name === "Mining rig" && latest()?.area === "Kitchen");
    rename(null, "study");
    await eventually("the old name", () => latest()?.name === "Desk plug" && latest()?.area === "Study");
  });

  it("pushes to the phone and speaks, far below a second; the tap on a button comes back", async () => {
    const { link, told } = await opened();
    const begunMs = Date.now();
    link.incident("opened", scan("r1"), camera());
    const push = await one("push", `lanwarden_${AGENT}_r1`);
    const speech = await one("announce", "Hall camera");
    const [pushMs, speechMs] = [push.time * 1000 - begunMs, speech.time * 1000 - begunMs];
    measured(`from incident to push ${Math.round(pushMs)} ms, to the satellite ${Math.round(speechMs)} ms`);
    expect(Math.max(pushMs, speechMs)).toBeLessThan(1000);
    expect(push).toMatchObject({ title: "Hall camera scans the internet" });
    expect(speech).toMatchObject({
      entity_id: satellite,
      message: "Hall camera is scanning the internet. Please look at your phone.",
    });
    const { actions } = push.data as { actions: { action: string; title: string }[] };
    expect(actions.map(({ title }) => title)).toEqual(["Isolate", "That's normal", "Later"]);
    const tappedMs = Date.now();
    ha.tap(actions[0]!.action);
    await eventually("the answer", () => told.answers.length > 0, 5000, 5);
    measured(`from tap (with the rig's own start) to answer ${Date.now() - tappedMs} ms`);
    expect(told.answers).toEqual([{ action: "isolate", incident: "r1", device: MAC }]);

    const at = new Date().toISOString();
    const isolated = { state: "yes", backend: "nftables inet", level: "l2", since: at, until: null } as const;
    link.isolation(camera({ isolated: { ...isolated, silent_since: at, proof: "tap" } }), scan("r1"));
    const released = await one("push", "is isolated");
    expect(released).toMatchObject({ message: expect.stringMatching(/^Silent since \d\d:\d\d\./) as string });
    expect(JSON.stringify(released.data)).toContain(`LANWARDEN_RELEASE_${AGENT}.r1`);
    await one("announce", "is isolated now and silent");
  });

  it("takes a notification off the phone when the incident is over", async () => {
    const { link } = await opened();
    link.incident("opened", scan("r2"), camera());
    await one("push", `lanwarden_${AGENT}_r2`);
    link.incident("resolved", scan("r2", { status: "resolved" }), camera());
    const cleared = await one("push", "clear_notification");
    expect(cleared.data).toMatchObject({ tag: `lanwarden_${AGENT}_r2` });
  });

  it("speaks by a voice on a media player's behalf only where there is one", async () => {
    const { link, told } = await opened({ speak: ["media_player.nowhere"], tts: voice });
    link.incident("opened", scan("r3"), camera());
    await eventually("the warning", () => told.warnings.length > 0);
    expect(told.warnings[0]).toMatch(/media_player\.nowhere cannot speak alerts/);
  });

  it("says nothing in quiet hours, and pushes without a sound", async () => {
    const { link } = await opened({ quiet: { from: "00:00", to: "23:59" } });
    link.incident("opened", scan("r4", { kind: "dns_tunnel" }), camera());
    const push = await one("push", `lanwarden_${AGENT}_r4`);
    expect(push.data).toMatchObject({ channel: "Lanwarden quiet" });
    await new Promise((done) => setTimeout(done, 1000));
    expect(callsOf("announce", "hides data")).toEqual([]);
  });

  it("actions: turns a switch and reads it back", async () => {
    const { link } = await opened();
    const plug = ha.states("^switch\\..*desk_plug$")[0]!.entity_id;
    await link.actions.call("switch.turn_off", {}, { entity_id: plug });
    expect(await link.actions.state(plug)).toBe("off");
    await link.actions.call("switch.turn_on", {}, { entity_id: plug });
    expect(await link.actions.state(plug)).toBe("on");
    expect(await link.actions.state("switch.nobody")).toBeUndefined();
    await expect(link.actions.call("switch.explode", {})).rejects.toThrow(/^switch\.explode: .*not found/);
  });

  it.each([
    ["restarted", "mining", "is mining coins"],
    ["killed", "c2", "takes commands"],
  ] as const)(
    "Home Assistant %s: what happens meanwhile is told afterwards, and all works again",
    async (how, kind, words) => {
      const { link, told } = await opened();
      const id = `r5${how}`;
      if (how === "restarted") {
        ha.stop("ha");
        await eventually("the end", () => link.notReady() !== undefined);
        link.incident("opened", scan(id), camera());
        ha.start("ha");
      } else {
        // Told before the link can know that its connection is gone.
        ha.restart("ha", "--kill");
        link.incident("opened", scan(id), camera());
      }
      const begunMs = Date.now();
      await eventually("the link", () => told.versions.length > 1, 60_000);
      await one("push", `lanwarden_${AGENT}_${id}`, 60_000);
      measured(`${how}: the push that waited came ${Date.now() - begunMs} ms after Home Assistant was back`);
      await eventually("the satellite", () => ha.states("^assist_satellite\\.")[0]?.state === "idle");
      link.incident("opened", scan(`${id}b`, { kind }), camera());
      await one("announce", words, 25_000);
      ha.tap(`LANWARDEN_NORMAL_${AGENT}.${id}`);
      await eventually("the answer", () => told.answers.some(({ incident }) => incident === id));
      expect(told.devices.at(-1)).toContainEqual(
        expect.objectContaining({ name: "Hall camera", area: "Hall", firmware: expect.anything() as unknown }),
      );
      expect(told.warnings).toEqual([]);
    },
    300_000,
  );

  it("a refused token is said once and leaves Home Assistant alone", async () => {
    const { link, told } = openLink({ token: "refused" });
    open.push({ link, told });
    await eventually("the warning", () => told.warnings.length > 0);
    expect(told.warnings).toEqual([expect.stringMatching(/refuses the token/) as string]);
  });

  it("left no warning in Home Assistant's log, but for the token that it refused", () => {
    const complaints = ha
      .complaints()
      .split("\n")
      .filter((line) => line !== "" && !/Login attempt or request with invalid authentication/.test(line));
    expect(complaints).toEqual([]);
  });
});
