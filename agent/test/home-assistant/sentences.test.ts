import { copyFileSync, cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Device } from "@lanwarden/contract/device";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DrivenHome } from "./driven-home.ts";
import { eventually, HomeAssistant, measured, noHomeAssistant } from "./rig.ts";

const reason = noHomeAssistant("sentences in a real Home Assistant");
const folder = fileURLToPath(new URL("../../../integration/home-assistant", import.meta.url));

describe.skipIf(reason !== undefined)("what may be asked of Assist", () => {
  let ha: HomeAssistant;
  let driven: DrivenHome;
  let camera: Device;

  beforeAll(async () => {
    ha = new HomeAssistant("lwbp", 8154, 18_854);
    cpSync(join(folder, "custom_sentences"), join(ha.config, "custom_sentences"), { recursive: true });
    copyFileSync(join(folder, "intent_scripts.yaml"), join(ha.config, "intent_scripts.yaml"));
    ha.service("intent_script", "reload", {});
    ha.service("conversation", "reload", {});
  }, 170_000);

  afterAll(async () => {
    await driven?.close();
    ha?.down();
  });

  it("says that it does not know while Lanwarden is not there", async () => {
    expect(await ha.ask("is my network safe?")).toBe("I cannot reach Lanwarden at the moment, so I do not know.");
    expect(await ha.ask("is anything mining?")).toBe("I cannot reach Lanwarden at the moment, so I do not know.");
    expect(await ha.ask("isolate the hall camera")).toBe("Lanwarden is not set up here.");
  });

  it("answers whether all is well", async () => {
    driven = new DrivenHome(ha.mqtt);
    driven.home.backend = true;
    await driven.open();
    camera = driven.device(1, { name: "Hall camera" });
    driven.device(2, { name: "Garden camera" });
    driven.device(3, { name: "Bob's {{ 7 * 6 }} TV" });
    driven.sink.hub(driven.home.hub());
    const { found } = await eventually(
      "the answer",
      async () => [await ha.ask("Is my network safe?")].find((answer) => answer.startsWith("Yes")),
      20_000,
      500,
    );
    expect(found).toBe("Yes. All is quiet, and 3 devices are watched.");
    expect(await ha.ask("Is anything mining?")).toBe("No, nothing is mining.");
    expect(await ha.ask("What is the riskiest device?")).toBe("Device 1, but its risk is low: 10 of 100.");
  });

  it("answers what is wrong", async () => {
    driven.raise(camera);
    await eventually(
      "the threat",
      async () =>
        (await ha.ask("is my network safe")) ===
        "No. 1 incident is open, the worst is high. The riskiest device is Device 1.",
      10_000,
      250,
    );
    driven.raise(camera, { kind: "mining", title: "Hall camera is mining" });
    driven.home.mining = ["Hall camera"];
    driven.sink.hub(driven.home.hub());
    await eventually(
      "the miner",
      async () => (await ha.ask("who is mining coins")) === "Yes. Hall camera is mining.",
      10_000,
      250,
    );
    driven.home.tap = "OFF";
    driven.sink.hub(driven.home.hub());
    await eventually(
      "the tap",
      async () => (await ha.ask("is my network safe")).startsWith("I cannot say."),
      5000,
      250,
    );
    driven.home.tap = "ON";
    driven.sink.hub(driven.home.hub());
  });

  it("asks back, and isolates only when it is told to", async () => {
    expect(await ha.ask("Isolate the hall camera")).toBe(
      "Isolate Hall camera for four hours? Say: yes, isolate the hall camera.",
    );
    expect(driven.home.asked).toEqual([]);
    const begun = Date.now();
    expect(await ha.ask("Yes, isolate the HALL camera")).toBe("Hall camera is isolated for four hours.");
    measured(`from "yes" to the answer that it is isolated: ${Date.now() - begun} ms, the rig's call included`);
    const [asked = ""] = driven.home.asked;
    expect(JSON.parse(asked.slice(asked.indexOf("{")))).toEqual({
      by: "assist",
      for_seconds: 14_400,
      reason: "asked by voice",
    });
    expect(await ha.ask("isolate the hall camera")).toBe("Hall camera is isolated already.");
    expect(await ha.ask("release the hall camera")).toBe("Hall camera is released.");
    expect(driven.home.asked.at(-1)).toBe(`release ${camera.id} assist`);
    expect(await ha.ask("release the hall camera")).toBe("Hall camera is not isolated.");
  });

  it("says honestly what did not work", async () => {
    driven.home.refusal = "Hall camera is on the list of devices that are never isolated";
    expect(await ha.ask("yes isolate the hall camera")).toBe(
      "I could not isolate Hall camera. Hall camera is on the list of devices that are never isolated.",
    );
    driven.home.refusal = undefined;
    driven.home.outcome = { state: "failed", afterMs: 300, detail: "It still talks to 203.0.113.9." };
    expect(await ha.ask("yes isolate the hall camera")).toBe(
      "Isolating Hall camera did not take effect. It still talks to an address.",
    );
    driven.home.outcome = { state: "yes", afterMs: 4000 };
    expect(await ha.ask("yes isolate the hall camera")).toBe(
      "I have asked for it, but it is not confirmed yet that Hall camera is shut off. Look at your phone in a minute.",
    );
    await eventually(
      "isolated",
      async () => (await ha.ask("isolate the hall camera")).endsWith("already."),
      10_000,
      250,
    );
    expect(await ha.ask("release the hall camera")).toBe("Hall camera is released.");
  });

  it("helps with names that it does not know, and runs nothing that stands in one", async () => {
    expect(await ha.ask("isolate the camera")).toBe(
      "I know no device of that name. Did you mean Hall camera or Garden camera?",
    );
    expect(await ha.ask("yes, isolate the toaster")).toMatch(/^I know no device of that name\. Say it as it is called/);
    const answer = await ha.ask("isolate bob's {{ 7 * 6 }} tv");
    expect(answer).not.toContain("42");
    const before = driven.home.asked.length;
    await ha.ask("yes, isolate {{ states.sensor | list }}");
    expect(driven.home.asked).toHaveLength(before);
  });

  it("says so when there is no way to isolate", async () => {
    driven.home.backend = false;
    driven.sink.hub(driven.home.hub());
    await eventually(
      "the answer",
      async () => (await ha.ask("yes, isolate the hall camera")).startsWith("I cannot isolate anything"),
      10_000,
      250,
    );
  });

  it("left no warning in Home Assistant's log", () => {
    expect(ha.complaints()).toBe("");
  });
});
