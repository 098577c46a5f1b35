import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Listener } from "../mqtt/listener.ts";
import { blind, CardHome, type Contents, critical, crowded, quiet, troubled } from "./card-homes.ts";
import { CardAgent, Frontend, furnish, installCards, noFrontend } from "./card-rig.ts";
import { eventually, HomeAssistant, measured, noHomeAssistant } from "./rig.ts";

const reason = noHomeAssistant("the cards in Home Assistant") ?? noFrontend();
const PAGE = "/lanwarden-page";
const CAMERA = "lanwarden/home/dev/00005e005301/isolate/set";
const LIGHT = { width: 1280, scheme: "light" } as const;
const DARK = { width: 1280, scheme: "dark" } as const;
const PHONE = { width: 390, scheme: "light" } as const;
const SMALL = { width: 360, scheme: "dark" } as const;
type Look = typeof LIGHT | typeof DARK | typeof PHONE | typeof SMALL;

describe.skipIf(reason !== undefined)("cards and dashboard in a real Home Assistant", () => {
  let ha: HomeAssistant;
  let agent: CardAgent;
  let listener: Listener;
  let frontend: Frontend;
  const pages: Page[] = [];

  async function open(path = PAGE, look: Look = LIGHT): Promise<{ page: Page; complaints: string[] }> {
    const visit = await frontend.visit(path, look);
    pages.push(visit.page);
    return visit;
  }

  /** The home is told, and Home Assistant has it. */
  async function show(contents: Contents): Promise<string> {
    agent.fill(contents);
    const { sentence } = agent.home.hub();
    await eventually(
      `the sentence "${sentence}"`,
      () => ha.states("^sensor\\..*summary$").some(({ state }) => state === sentence),
      20_000,
      300,
    );
    return sentence;
  }

  /** Where the page is wider than its window, or a text of ours wider than its card. */
  const overflow = (page: Page): Promise<string[]> =>
    page.evaluate(() => {
      const found: string[] = [];
      const root = document.scrollingElement;
      if (root !== null && root.scrollWidth > root.clientWidth + 1) found.push("the page");
      const walk = (node: Element | ShadowRoot): void => {
        for (const child of node.querySelectorAll("*")) {
          if (child.localName.startsWith("lanwarden-") && child.localName.endsWith("-card")) {
            const card = child.getBoundingClientRect();
            for (const inner of child.shadowRoot?.querySelectorAll("*") ?? []) {
              const box = inner.getBoundingClientRect();
              if (box.width > 0 && box.right > card.right + 1) found.push(`${child.localName} ${inner.localName}`);
            }
          }
          if (child.shadowRoot) walk(child.shadowRoot);
        }
      };
      walk(document.documentElement);
      return found;
    });

  beforeAll(async () => {
    ha = new HomeAssistant("lwcards", 8152, 18_852);
    const one = (type: string, more: object = {}): object => ({
      views: [{ title: "One", cards: [{ type, ...more }] }],
    });
    installCards(ha, {
      "lanwarden-page": { strategy: { type: "custom:lanwarden" } },
      "lanwarden-cabin": one("custom:lanwarden-overview-card", { agent: "cabin" }),
      "lanwarden-nobody": one("custom:lanwarden-overview-card", { agent: "nobody" }),
      "lanwarden-wrong": one("custom:lanwarden-devices-card", { max_rows: "many" }),
    });
    listener = await Listener.open(ha.mqtt, ["lanwarden/#"]);
    agent = await CardAgent.open(new CardHome("home"), ha.mqtt);
    const contents = troubled();
    await show(contents);
    furnish(ha, { Hall: contents.devices.slice(0, 1), Office: contents.devices.slice(1, 4) });
    frontend = await Frontend.open(ha);
  }, 170_000);

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });

  afterAll(async () => {
    await frontend?.close();
    await agent?.close();
    await listener?.close();
    ha?.down();
  });

  it.each<[string, () => Contents, Look[]]>([
    ["a quiet home", quiet, [LIGHT, SMALL]],
    ["a home in trouble", troubled, [DARK, PHONE]],
    ["one critical incident", critical, [LIGHT, SMALL]],
    ["a home that is not watched", blind, [DARK, PHONE]],
    ["thirty devices with odd names", crowded, [LIGHT, DARK, PHONE, SMALL]],
  ])("draws %s without an error and within the screen", async (_name, contents, looks) => {
    const sentence = await show(contents());
    for (const look of looks) {
      const { page, complaints } = await open(PAGE, look);
      await page.getByRole("heading", { name: sentence }).waitFor({ timeout: 30_000 });
      await page.locator("lanwarden-devices-card ul.rows > li").first().waitFor();
      await page.locator("lanwarden-mining-card h2").waitFor();
      expect(await page.getByText("Custom element doesn't exist").count()).toBe(0);
      expect(await page.locator("hui-error-card").count()).toBe(0);
      expect(await page.locator("lanwarden-devices-card img, lanwarden-overview-card img").count()).toBe(0);
      expect(await overflow(page), JSON.stringify(look)).toEqual([]);
      expect(complaints, JSON.stringify(look)).toEqual([]);
      await page.close();
    }
  });

  it("offers its dashboard and its cards in Home Assistant's dialogs", async () => {
    const { page } = await open();
    await page.locator("lanwarden-overview-card h2").waitFor();
    const told = await page.evaluate(() => {
      const { customCards = [], customStrategies = [] } = window as unknown as Record<string, { type: string }[]>;
      return [customCards, customStrategies].map((list) => list.map(({ type }) => type));
    });
    expect(told).toEqual([
      ["lanwarden-overview-card", "lanwarden-devices-card", "lanwarden-mining-card"],
      ["lanwarden"],
    ]);
  });

  it("isolates from an incident for the time that the button says, and tells what came of it", async () => {
    await show(troubled());
    agent.home.outcome = { state: "yes", afterMs: 700 };
    listener.forget();
    const { page } = await open();
    const decision = page.getByRole("article", { name: /Hall camera is mining/ });
    const begun = Date.now();
    await decision.getByRole("button", { name: "Isolate for 4 hours" }).click();
    await decision.getByText("Isolating …").waitFor();
    await decision.getByText("Isolated", { exact: true }).waitFor();
    measured(
      `from the click to the verified isolation on the card: ${Date.now() - begun} ms (700 ms of it the back-end)`,
    );
    expect(listener.json(CAMERA)).toEqual({
      state: "ON",
      for_seconds: 14_400,
      incident: "mine-1",
      by: "home-assistant",
    });
    await decision.getByText("in 4 hours").waitFor();
    await decision.getByRole("button", { name: "Release" }).click();
    await decision.getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
    expect(agent.home.asked.at(-1)).toContain("release 00:00:5e:00:53:01");
  });

  it("isolates from the list of devices after a confirmation, by keyboard too", async () => {
    await show(troubled());
    listener.forget();
    const { page } = await open();
    const list = page.locator("lanwarden-devices-card");
    await list.getByRole("button", { name: /Hall camera/ }).focus();
    await page.keyboard.press("Enter");
    await list.getByText("Port 554 (rtsp) was reached from the internet.").waitFor();
    await list.getByRole("button", { name: "Isolate", exact: true }).click();
    await list.getByRole("button", { name: "Cancel" }).click();
    expect(listener.on(CAMERA)).toEqual([]);
    await list.getByRole("button", { name: "Isolate", exact: true }).click();
    await list.getByRole("group", { name: "Isolate" }).getByRole("button", { name: "Isolate" }).click();
    await list.getByRole("button", { name: "Release" }).waitFor();
    expect(listener.json(CAMERA)).toMatchObject({ state: "ON" });
  });

  it("says why an isolation was refused", async () => {
    await show(troubled());
    agent.home.refusal = "Hall camera is protected by your configuration.";
    const { page } = await open();
    const decision = page.getByRole("article", { name: /Hall camera is mining/ });
    await decision.getByRole("button", { name: "Isolate for 4 hours" }).click();
    await decision.getByText("Hall camera is protected by your configuration.").waitFor();
    await decision.getByRole("button", { name: "Isolate for 4 hours" }).waitFor();
    agent.home.refusal = undefined;
  });

  it("takes 'seen' and 'that's normal' for an answer, and the incident goes", async () => {
    await show(troubled());
    const { page } = await open();
    const nas = page.getByRole("article", { name: /passwords of NAS/ });
    await nas.getByRole("button", { name: "Seen" }).click();
    await nas.waitFor({ state: "detached" });
    expect(agent.home.acknowledged).toContain("brute-1");
    const plug = page.getByRole("article", { name: /Desk plug can be reached/ });
    await plug.getByRole("button", { name: "That's normal" }).click();
    await plug.waitFor({ state: "detached" });
    expect(agent.home.asked).toContain("normal open-1");
  });

  it("shows who mines, what and where, and who may", async () => {
    await show(troubled());
    const { page } = await open();
    const card = page.locator("lanwarden-mining-card");
    await card.getByText("Mines Monero at pool.supportxmr.com:3333").waitFor();
    await card.getByText("Mines Bitcoin at stratum.example.net:3333").waitFor();
    await card.getByRole("heading", { name: "Allowed to mine" }).waitFor();
  });

  it("finds everything when all entities have other names", async () => {
    const sentence = await show(troubled());
    const mine = ha.entities("lanwarden_home_").slice(0, 20);
    ha.ws(
      ...mine.map(({ entity_id: id }, i) => ({
        type: "config/entity_registry/update",
        entity_id: id,
        new_entity_id: `${id.split(".")[0]}.other_${i}_${Date.now() % 100_000}`,
      })),
    );
    const { page } = await open();
    await page.getByRole("heading", { name: sentence }).waitFor({ timeout: 30_000 });
    await page.getByRole("article", { name: /Hall camera is mining/ }).waitFor();
  });

  it("lives on Home Assistant's contexts alone, where nobody gives it the hass object", async () => {
    agent.fill(quiet());
    const { page } = await open();
    await page.locator("lanwarden-overview-card h2").waitFor();
    await page.evaluate(() => {
      const card = document.createElement("lanwarden-overview-card") as HTMLElement & {
        setConfig(config: object): void;
      };
      card.id = "by-context";
      card.setConfig({ type: "custom:lanwarden-overview-card" });
      document.querySelector("home-assistant")?.shadowRoot?.append(card);
    });
    await page.locator("#by-context").getByRole("heading", { name: "All quiet" }).waitFor();
    agent.fill(critical());
    await page
      .locator("#by-context")
      .getByRole("heading", { name: /obeys a server/ })
      .waitFor();
  });

  it("tells several agents apart, and says when one is not there", async () => {
    const cabin = await CardAgent.open(new CardHome("cabin"), ha.mqtt);
    cabin.fill({ devices: [], incidents: [] });
    const { page } = await open("/lanwarden-cabin");
    await page.getByRole("heading", { name: "No device seen yet." }).waitFor({ timeout: 30_000 });
    await page.goto(`${ha.url}/lanwarden-nobody`);
    await page.getByText('There is no Lanwarden named "nobody" here.').waitFor({ timeout: 30_000 });
    await cabin.close();
    await page.goto(`${ha.url}/lanwarden-cabin`);
    await page.getByText("Lanwarden does not answer").waitFor({ timeout: 30_000 });
  });

  it("refuses an option that is wrong, and says which", async () => {
    const { page } = await open("/lanwarden-wrong");
    await page.locator("hui-error-card").waitFor({ timeout: 30_000 });
    const said = await page.evaluate(() => {
      const card = document.createElement("lanwarden-devices-card") as HTMLElement & { setConfig(raw: object): void };
      try {
        card.setConfig({ max_rows: "many" });
      } catch (error) {
        return String(error);
      }
      return "nothing";
    });
    expect(said).toBe("Error: max_rows must be a whole number from 1 to 64");
  });

  it("gives Home Assistant nothing to complain of", () => {
    expect(ha.complaints()).toBe("");
  });
});
