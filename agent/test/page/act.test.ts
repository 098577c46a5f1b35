import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { CAMERA, missingParts, Visits } from "./browser.ts";
import { lowContrast } from "./contrast.ts";
import type { FakeAgent } from "./fake-agent.ts";
import { makeDevice, makeIncident } from "./sample-home.ts";

const missing = missingParts("act.test.ts");
const LONG_NAME = makeDevice(1);
const DEVICE_HASH = `#/devices?device=${encodeURIComponent(CAMERA)}`;

const card = (page: Page) => page.locator("lw-incident-card", { hasText: "Garden camera" });
const isolationCalls = (agent: FakeAgent) => agent.seen.filter(({ path }) => path.endsWith("/isolation"));
/** What the page's focus is on, looked for through shadow roots: tag, class and text. */
const focusText = (page: Page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return `${at?.tagName} ${at?.textContent?.trim()}`;
  });

describe.skipIf(missing.length > 0)("a device is shut off and let back in from the page", () => {
  const visits = new Visits();
  const visit: Visits["visit"] = (options) => visits.visit(options);
  beforeAll(() => visits.start());
  afterAll(() => visits.stop());
  afterEach(() => visits.closeAll());

  test("from the card: the question says what will happen, the proof is told, and it is released", async () => {
    const { page, agent, complaints } = await visit();
    await card(page).getByRole("button", { name: "Isolate for 4 hours" }).click();
    const form = card(page).getByRole("form", { name: "Isolate Garden camera" });
    const plan = form.locator(".plan");
    const shuts =
      /^Shuts Garden camera off from the internet through nftables inet, until (tomorrow )?\d\d:\d\d\. Devices at home/;
    await plan.filter({ hasText: shuts }).waitFor();
    expect(isolationCalls(agent), "nothing happens before the second word").toEqual([]);
    await form.getByLabel("Until I release it").check();
    await plan.filter({ hasText: "until you release it" }).waitFor();
    await form.getByLabel("1 hour").check();
    await form.getByRole("button", { name: "Isolate for 1 hour" }).click();

    await card(page).getByText("Waiting for proof").waitFor();
    const path = `/api/v1/devices/${encodeURIComponent(CAMERA)}/isolation`;
    await vi.waitFor(() => expect(isolationCalls(agent)).toMatchObject([{ method: "PUT", path, csrf: "sample-csrf" }]));
    expect(JSON.parse(isolationCalls(agent)[0]?.body ?? "")).toEqual({
      for_seconds: 3600,
      incident: "inc0001",
      reason: agent.home.incidents.find(({ id }) => id === "inc0001")?.title,
    });
    agent.responder.settle(CAMERA, { state: "yes", proof: "tap", silent_since: new Date().toISOString() });
    await card(page)
      .getByText(/Isolated and silent since \d\d:\d\d/)
      .waitFor();
    await page
      .locator("[aria-live=assertive]", { hasText: "Garden camera is isolated." })
      .waitFor({ state: "attached" });
    await page.locator("lw-home .facts", { hasText: "1 device isolated" }).waitFor();
    await page.locator("lw-isolated").getByText("Garden camera").waitFor();

    await card(page).getByRole("button", { name: "Release" }).click();
    await card(page).getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
    await page.locator("lw-isolated").waitFor({ state: "detached" });
    expect(isolationCalls(agent).map(({ method }) => method)).toEqual(["PUT", "DELETE"]);
    expect(complaints).toEqual([]);
  });

  test("by keyboard alone, with the focus kept at every step", async () => {
    const { page, agent } = await visit({ hash: "#/incidents?incident=inc0001" });
    const view = page.locator("lw-incident-view");
    await view.getByRole("button", { name: "Isolate for 4 hours" }).focus();
    await page.keyboard.press("Enter");
    const form = view.getByRole("form");
    await form.waitFor();
    expect(await form.getByLabel("4 hours").evaluate((input) => input.matches(":focus"))).toBe(true);
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    await view.waitFor();
    expect(await focusText(page), "Escape ends the question, not the drawer").toContain("Isolate for 4 hours");
    await page.keyboard.press("Enter");
    await form.waitFor();
    await page.keyboard.press("ArrowDown");
    await form.getByText("until you release it").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await view.getByText("Waiting for proof").waitFor();
    expect(await focusText(page)).toContain("Waiting for proof");
    expect(JSON.parse(isolationCalls(agent)[0]?.body ?? "")).toMatchObject({ for_seconds: null });
    await page.keyboard.press("Tab");
    expect(await focusText(page)).toContain("Release");
    await page.keyboard.press("Enter");
    await view.getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
    expect(await focusText(page)).toContain("Isolate for 4 hours");
  });

  test("a release that takes its time says so, and is not asked for twice", async () => {
    const since = new Date().toISOString();
    const { page, agent } = await visit({
      prepare: ({ responder }) => {
        responder.isReleaseSlow = true;
        responder.settle(CAMERA, { state: "yes", since, backend: "nftables inet", level: "wan", proof: "tap" });
      },
    });
    await card(page).getByRole("button", { name: "Release" }).click();
    await card(page).getByText("Being released").waitFor();
    expect(await page.getByRole("button", { name: /Release/ }).count()).toBe(0);
    agent.responder.settle(CAMERA, { detail: "It cannot be let in again yet. nft does not answer." });
    await card(page).getByText("nft does not answer").waitFor();
    agent.responder.settle(CAMERA, { state: "no", detail: null });
    await card(page).getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
  });

  test("a refusal is told in the agent's own words and stays until it is closed", async () => {
    const detail = "Garden camera is not isolated: three devices are already, and no more are allowed.";
    const { page } = await visit({
      prepare: (agent) => agent.responder.refusals.set(CAMERA, { code: "too_many", detail }),
    });
    await card(page).getByRole("button", { name: "Isolate for 4 hours" }).click();
    await card(page).getByRole("form").getByRole("button", { name: "Isolate for 4 hours" }).click();
    const alert = card(page).getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain(detail);
    await alert.getByRole("button", { name: "Close" }).click();
    await alert.waitFor({ state: "detached" });
    await card(page).getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
  });

  test("one that did not take effect says why, and is tried again or called off", async () => {
    const { page, agent } = await visit({ hash: DEVICE_HASH });
    const view = page.locator("lw-device-view");
    await view.getByRole("button", { name: "Isolate for 4 hours" }).click();
    await view.getByRole("form").getByRole("button", { name: "Isolate for 4 hours" }).click();
    await view.getByText("Waiting for proof").waitFor();
    agent.responder.settle(CAMERA, { state: "failed", detail: "The camera still receives packets of 203.0.113.9." });
    await view.getByText("Isolation did not take effect").waitFor();
    await view.getByText("The camera still receives packets of 203.0.113.9.").waitFor();
    await view.getByRole("button", { name: "Try again" }).click();
    await view.getByRole("form").getByLabel("1 hour").check();
    await view.getByRole("form").getByRole("button", { name: "Isolate for 1 hour" }).click();
    await view.getByText("Waiting for proof").waitFor();
    agent.responder.settle(CAMERA, { state: "failed", detail: "Still not." });
    await view.getByRole("button", { name: "Call it off" }).click();
    await view.getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
    expect(isolationCalls(agent).map(({ method }) => method)).toEqual(["PUT", "PUT", "DELETE"]);
  });

  test("the device view tells how far it reaches and what proves it", async () => {
    const { page, agent } = await visit({ hash: DEVICE_HASH });
    const view = page.locator("lw-device-view");
    await view.waitFor();
    const soon = new Date(Date.now() + 60_000).toISOString();
    agent.responder.settle(CAMERA, {
      state: "yes",
      level: "wan-ipv4",
      backend: "FRITZ!Box",
      since: new Date().toISOString(),
      until: soon,
      proof: "router",
      by: "matter",
    });
    for (const text of [
      "from the internet by IPv4 only",
      "FRITZ!Box",
      "the router says so; not proven",
      "a Matter app",
    ]) {
      await view.locator("dd", { hasText: text }).waitFor();
    }
    expect(await view.locator(".told").textContent()).not.toContain("silent");
    await page.goto(`${agent.url}#/devices`);
    const row = page.locator("lw-devices tbody tr", { hasText: "Garden camera" });
    await row.getByText("Isolated").waitFor();
    await page.getByRole("searchbox").fill("isolated");
    await page.getByText("1 of 150 devices").waitFor();
  });

  test("in mode monitor one sentence leads to Protection", async () => {
    const { page } = await visit({
      prepare: (agent) => {
        agent.home.status.mode = "monitor";
      },
    });
    await card(page).getByText("Lanwarden only watches.").waitFor();
    await card(page).getByText("would have been isolated").waitFor();
    expect(
      await card(page)
        .getByRole("button", { name: /Isolate/ })
        .count(),
    ).toBe(0);
    await card(page).getByRole("link", { name: "Let it act in Protection." }).click();
    await page.getByRole("heading", { name: "What Lanwarden may do" }).waitFor();
  });

  test("nothing to press where nothing can act or it would not help: no back-end, a token that may only read, a drill, a victim", async () => {
    const none = await visit({
      prepare: (agent) => {
        agent.home.backends = [];
      },
    });
    await card(none.page).getByRole("button", { name: "Seen" }).waitFor();
    expect(await none.page.getByRole("button", { name: /Isolate/ }).count()).toBe(0);
    const reader = await visit({
      prepare: (agent) => {
        agent.scope = "read";
      },
    });
    await card(reader.page).waitFor();
    expect(await reader.page.getByRole("button", { name: /Isolate/ }).count()).toBe(0);
    const drill = await visit({
      prepare: (agent) => {
        agent.home.incidents = [makeIncident("drill", { test: true })];
      },
    });
    await card(drill.page).getByRole("button", { name: "Seen" }).waitFor();
    expect(await drill.page.getByRole("button", { name: /Isolate/ }).count()).toBe(0);
    const victim = await visit({
      prepare: (agent) => {
        const { attacker, victim } = makeIncident("i");
        agent.home.incidents = [makeIncident("victim", { kind: "brute_force", attacker: victim, victim: attacker })];
      },
    });
    await card(victim.page).getByRole("button", { name: "Seen" }).waitFor();
    expect(await victim.page.getByRole("button", { name: /Isolate/ }).count()).toBe(0);
  });

  test("a profile is chosen, explained and kept", async () => {
    const { page, agent } = await visit({ hash: DEVICE_HASH });
    const view = page.locator("lw-device-view");
    await view.getByLabel("Profile").selectOption("miner");
    await view.getByText("You run a miner on it").waitFor();
    await view.getByLabel("Profile").selectOption("auto");
    await view.getByText("Judged by what it is").waitFor();
    const bodies = agent.seen.filter(({ method }) => method === "PATCH").map(({ body }) => body);
    expect(bodies).toEqual(['{"policy":"miner"}', '{"policy":null}']);
  });

  test.each(["light", "dark"] as const)(
    "360 pixels hold the question, a long name and a failure, %s",
    async (scheme) => {
      const { page, agent } = await visit({
        width: 360,
        scheme,
        prepare: (agent) => {
          agent.responder.settle(LONG_NAME.id, {
            state: "failed",
            detail: `${LONG_NAME.name} still receives packets: they do not pass this router.`,
          });
        },
      });
      const check = async (what: string): Promise<void> => {
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wider, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
        expect(await page.evaluate(lowContrast), `${what} is hard to read`).toEqual([]);
      };
      await card(page).getByRole("button", { name: "Isolate for 4 hours" }).click();
      await card(page).getByRole("form").waitFor();
      await check("the question");
      await page.goto(`${agent.url}#/devices?device=${encodeURIComponent(LONG_NAME.id)}`);
      await page.locator("lw-device-view").getByRole("button", { name: "Try again" }).click();
      await page.locator("lw-device-view").getByRole("form").waitFor();
      await check("a failure");
      await page.goto(`${agent.url}#/devices`);
      const risk = page.locator("lw-devices tbody tr", { hasText: "Garden camera" }).locator(".risk");
      const box = await risk.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0), "a chip beside a long name pushes no risk away").toBeLessThanOrEqual(
        344,
      );
      await check("the list");
      await page.goto(`${agent.url}#/protection`);
      await page.locator("lw-isolated").getByText("still receives packets").waitFor();
      await page.locator("lw-reach").getByText("nft could not be started").waitFor();
      await page.getByLabel("Protect", { exact: false }).first().check();
      await check("Protection");
    },
  );
});
