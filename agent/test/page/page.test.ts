import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildApi } from "../../src/api/server.ts";
import { CAMERA, missingParts, Visits } from "./browser.ts";
import { lowContrast } from "./contrast.ts";
import { POLICY, TOKEN } from "./fake-agent.ts";
import { makeDevice, makeIncident, type Scenario } from "./sample-home.ts";

const missing = missingParts("page.test.ts");
const PLACES = ["#/", "#/devices", "#/incidents", "#/traffic", "#/protection"];

describe.skipIf(missing.length > 0)("the page in a browser", () => {
  const visits = new Visits();
  const visit: Visits["visit"] = (options) => visits.visit(options);
  beforeAll(() => visits.start());
  afterAll(() => visits.stop());
  afterEach(() => visits.closeAll());

  const sentence = (page: Page) => page.locator("lw-home h1");

  test("says the one sentence, with no error and within the policy of the real server", async () => {
    const { page, complaints } = await visit();
    await sentence(page).waitFor();
    expect(await sentence(page).textContent()).toContain("Garden camera is mining Monero for 3 h 12 min");
    for (const place of PLACES) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, place);
      await page.locator("main h1").first().waitFor();
    }
    expect(complaints).toEqual([]);
    const real = await buildApi({} as never, {
      host: "127.0.0.1",
      port: 0,
      hosts: [],
      page: undefined,
      version: "0",
      demo: false,
      onError: () => undefined,
    });
    visits.keep(real);
    const answer = await real.inject({ url: "/healthz", headers: { host: "localhost" } });
    expect(answer.headers["content-security-policy"]).toBe(POLICY);
  });

  test("asks for nothing outside the agent, and works behind a path prefix", async () => {
    const { page, agent, complaints } = await visit({ prefix: "/api/hassio_ingress/abc" });
    const outside: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(agent.url)) outside.push(request.url());
    });
    await page.reload();
    await sentence(page).waitFor();
    expect([outside, complaints]).toEqual([[], []]);
  });

  test("an incident of the stream appears, is counted and read out", async () => {
    const { page, agent } = await visit({ scenario: "quiet" });
    await sentence(page).waitFor();
    expect(await page.locator("lw-incident-card").count()).toBe(0);
    agent.pushIncident(makeIncident("new1", { title: "Desk plug scans the internet", device: makeDevice(3).id }));
    await page.locator("lw-incident-card", { hasText: "Desk plug scans the internet" }).waitFor();
    expect(await page.locator("nav .badge").textContent()).toBe("1");
    expect(await page.title()).toBe("(1) Home · Lanwarden");
    expect(await page.locator("[aria-live=assertive]").textContent()).toContain("Desk plug scans the internet");
  });

  test("wire text stays text", async () => {
    const { page, agent } = await visit({ scenario: "quiet" });
    await sentence(page).waitFor();
    const title = '<img src=x onerror="document.title=1"> is mining';
    agent.pushIncident(makeIncident("new1", { title }));
    expect(await page.locator("lw-incident-card h2").textContent()).toBe(title);
    expect(await page.locator("lw-incident-card img").count()).toBe(0);
  });

  test("Seen carries the CSRF header and takes the card away", async () => {
    const { page, agent } = await visit();
    const card = page.locator("lw-incident-card", { hasText: "DiskStation can be reached" });
    await card.getByRole("button", { name: "Seen" }).click();
    await card.waitFor({ state: "detached" });
    const call = agent.seen.find(({ path }) => path === "/api/v1/incidents/inc0003/acknowledge");
    expect(call).toMatchObject({ method: "POST", csrf: "sample-csrf" });
  });

  test("normal is undone from the message and from the incident", async () => {
    const { page, agent } = await visit();
    const card = page.locator("lw-incident-card", { hasText: "DiskStation can be reached" });
    await card.getByRole("button", { name: "That's normal for it" }).click();
    await card.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Taken back.").waitFor();
    expect(agent.seen.some(({ method, path }) => method === "DELETE" && path === "/api/v1/normal/rule-inc0003")).toBe(
      true,
    );
    await page.goto(`${agent.url}#/incidents?incident=inc0001`);
    await page.locator("lw-incident-view").getByRole("button", { name: "That's normal for it" }).click();
    await page.locator("lw-incident-view").getByRole("button", { name: "Take that back" }).click();
    await page.getByRole("button", { name: "Take that back" }).waitFor({ state: "detached" });
  });

  test("a device is found, opened by keyboard, renamed and pinned", async () => {
    const { page, agent } = await visit({ hash: "#/devices" });
    await page.getByRole("searchbox").fill("garden");
    await page.getByText("1 of 150 devices").waitFor();
    expect(await page.locator("lw-devices tbody tr").count()).toBe(1);
    await page.locator("lw-devices tbody a").focus();
    await page.keyboard.press("Enter");
    const view = page.locator("lw-device-view");
    await view.getByText("91 → 55").waitFor();
    await view.getByRole("button", { name: "Rename or change kind" }).click();
    await view.getByLabel("Name").fill("Garden gate camera");
    await view.getByRole("button", { name: "Save" }).click();
    await view.getByRole("heading", { name: "Garden gate camera" }).waitFor();
    expect(agent.seen.find(({ method }) => method === "PATCH")).toMatchObject({
      path: `/api/v1/devices/${encodeURIComponent(CAMERA)}`,
      body: '{"name":"Garden gate camera"}',
      csrf: "sample-csrf",
    });
    await page.keyboard.press("Escape");
    await view.waitFor({ state: "detached" });
    expect(new URL(page.url()).hash).toBe("#/devices");
    await page.keyboard.press("Enter");
    await view.waitFor();
  });

  test("the log-in says where the token is, refuses a wrong one, and lets the right one in", async () => {
    const { page } = await visit({ isLoggedIn: false });
    await page.getByRole("heading", { name: "Welcome to Lanwarden" }).waitFor();
    await page.getByText("admin-token").first().waitFor();
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("This token is unknown or revoked.").waitFor();
    await page.getByLabel("Token").fill(TOKEN);
    await page.keyboard.press("Enter");
    await sentence(page).waitFor();
  });

  test("a broken line is said, and what happened meanwhile is fetched", async () => {
    const { page, agent } = await visit({ scenario: "quiet" });
    await sentence(page).waitFor();
    agent.isRefusing = true;
    agent.dropStreams();
    await page.getByText("Connection lost").waitFor();
    agent.home.incidents.push(makeIncident("missed", { title: "It happened meanwhile" }));
    agent.isRefusing = false;
    await page.getByText("Connection lost").waitFor({ state: "detached" });
    await page.locator("lw-incident-card", { hasText: "It happened meanwhile" }).waitFor();
  });

  test("an ended session leads to the log-in", async () => {
    const { page, agent } = await visit();
    await sentence(page).waitFor();
    agent.endSessions();
    agent.dropStreams();
    await page.getByRole("heading", { name: "Welcome to Lanwarden" }).waitFor();
  });

  test.each<[Scenario, string]>([
    ["quiet", "All quiet"],
    ["empty", "Nobody home yet"],
    ["tap-down", "No packets come in"],
  ])("the state %s is designed", async (scenario, text) => {
    const { page, complaints } = await visit({ scenario });
    await page.locator("main").getByText(text).first().waitFor();
    for (const place of PLACES) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, place);
      await page.locator("main h1").first().waitFor();
    }
    expect(complaints).toEqual([]);
  });

  test.each(["light", "dark"] as const)("360 pixels do not scroll sideways and text stands out, %s", async (scheme) => {
    const { page, agent } = await visit({ width: 360, scheme });
    const hashes = [...PLACES, `#/devices?device=${encodeURIComponent(CAMERA)}`, "#/incidents?incident=inc0001"];
    for (const hash of hashes) {
      await page.goto(agent.url + hash);
      await page.locator("h1").first().waitFor();
      await page.waitForTimeout(150);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wider, `${hash} scrolls sideways`).toBeLessThanOrEqual(0);
      expect(await page.evaluate(lowContrast), `${hash} is hard to read`).toEqual([]);
    }
    await page.evaluate(() => document.documentElement.style.setProperty("--muted", "#808080"));
    expect(await page.evaluate(lowContrast), "the check itself sees pale text").not.toEqual([]);
  });
});
