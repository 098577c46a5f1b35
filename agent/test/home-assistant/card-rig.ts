import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Device } from "@lanwarden/contract/device";
import { topicId } from "@lanwarden/contract/topics";
import { discovery } from "@lanwarden/home-assistant/discovery";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Sink } from "../../src/sinks/define.ts";
import { mqtt } from "../../src/sinks/targets/mqtt.ts";
import type { CardHome, Contents } from "./card-homes.ts";
import type { HomeAssistant } from "./rig.ts";

export const BUNDLE = fileURLToPath(new URL("../../../integration/home-assistant/dist/lanwarden.js", import.meta.url));
const CHROMIUM = "/usr/bin/chromium";

/** Why the frontend cannot be looked at; undefined when it can. */
export const noFrontend = (): string | undefined => {
  const reason = !existsSync(CHROMIUM)
    ? `${CHROMIUM} is absent`
    : !existsSync(BUNDLE)
      ? "the cards are not built: npm run build"
      : undefined;
  if (reason !== undefined) process.stderr.write(`skipped: the cards in a browser, because ${reason}\n`);
  return reason;
};

/** The agent's real MQTT sink with a home that is filled by hand. */
export class CardAgent {
  readonly home: CardHome;
  readonly #sink: Sink;

  private constructor(home: CardHome, sink: Sink) {
    this.home = home;
    this.#sink = sink;
  }

  static async open(home: CardHome, url: string): Promise<CardAgent> {
    const config = {
      url,
      embedded: undefined,
      discoveryPrefix: "homeassistant",
      maxDevices: 64,
      linkByMac: false,
      discovery,
      timings: { collectMs: 400, birthJitterMs: 50, settleMs: 100, spacingMs: 50 },
    };
    const agent = new CardAgent(home, await mqtt.open(config, home.context()));
    home.changed = (device) => {
      agent.#sink.device(device);
      agent.tell();
    };
    return agent;
  }

  /** Another home, told as the agent tells it. Devices that are no longer there are unpinned, which takes them back. */
  fill(contents: Contents): void {
    const gone = this.home.deviceList.filter(({ id }) => !contents.devices.some((device) => device.id === id));
    this.home.kept = undefined;
    this.home.deviceList = contents.devices;
    this.home.incidentList = contents.incidents;
    this.home.tap = contents.tap ?? "ON";
    this.home.tapReason = contents.tapReason;
    for (const device of gone) this.#sink.device({ ...device, pinned: false });
    for (const device of contents.devices) this.#sink.device(device);
    for (const incident of contents.incidents) this.#sink.incident("opened", incident);
    this.tell();
  }

  tell(): void {
    this.#sink.hub(this.home.hub());
  }

  async close(): Promise<void> {
    await this.#sink.close();
  }
}

/** Copies the bundle to where Home Assistant serves it, registers it, and makes dashboards by path. Restarts Home Assistant once. */
export function installCards(ha: HomeAssistant, dashboards: Readonly<Record<string, object>>): void {
  const folder = join(ha.config, "www");
  mkdirSync(folder, { recursive: true });
  cpSync(BUNDLE, join(folder, "lanwarden.js"));
  // The folder is served only when it was there at the start.
  ha.restart("ha");
  ha.ws(
    { type: "lovelace/resources/create", res_type: "module", url: "/local/lanwarden.js" },
    ...Object.entries(dashboards).flatMap(([path, config]) => [
      { type: "lovelace/dashboards/create", url_path: path, title: path, mode: "storage", show_in_sidebar: true },
      { type: "lovelace/config/save", url_path: path, config },
    ]),
  );
}

/** Puts devices into rooms, by their names. */
export function furnish(ha: HomeAssistant, rooms: Readonly<Record<string, readonly Device[]>>): void {
  const entries = ha.devices();
  const [listed] = ha.ws({ type: "config/area_registry/list" }) as [{ result: { area_id: string; name: string }[] }];
  const missing = Object.keys(rooms).filter((room) => !listed.result.some(({ name }) => name === room));
  const made = ha.ws(...missing.map((name) => ({ type: "config/area_registry/create", name })));
  const areas = [...listed.result, ...made.map((answer) => (answer as typeof listed).result)].flat();
  const moves = Object.entries(rooms).flatMap(([room, inside]) =>
    inside.flatMap(({ id }) => {
      const own = `lanwarden_${topicId(id)}`;
      const entry = entries.find(({ identifiers }) => JSON.stringify(identifiers).includes(own));
      const area = areas.find(({ name }) => name === room);
      if (entry === undefined || area === undefined) return [];
      return [{ type: "config/device_registry/update", device_id: entry.id, area_id: area.area_id }];
    }),
  );
  ha.ws(...moves);
}

export interface Visit {
  page: Page;
  /** Errors of the page and its console. */
  complaints: string[];
}

/** Home Assistant's own frontend in a real browser, logged in as the owner. */
export class Frontend {
  readonly #browser: Browser;
  readonly #ha: HomeAssistant;

  private constructor(browser: Browser, ha: HomeAssistant) {
    this.#browser = browser;
    this.#ha = ha;
  }

  static async open(ha: HomeAssistant): Promise<Frontend> {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    return new Frontend(await chromium.launch({ executablePath: CHROMIUM, args }), ha);
  }

  async visit(
    path: string,
    options: { width?: number; height?: number; scheme?: "light" | "dark" } = {},
  ): Promise<Visit> {
    const { width = 1280, height = 900, scheme = "light" } = options;
    const page = await this.#browser.newPage({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: "reduce",
      locale: "en-GB",
      ...(width < 600 ? { isMobile: true, hasTouch: true } : {}),
    });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error.stack ?? error.message)));
    page.on("console", (message) => {
      // Pictures of brands come from the internet, which is not there.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        complaints.push(message.text());
    });
    const { url, token } = this.#ha;
    const tokens = {
      hassUrl: url,
      clientId: `${url}/`,
      access_token: token,
      token_type: "Bearer",
      expires_in: 31_536_000,
      expires: 4_102_444_800_000,
      refresh_token: "",
    };
    await page.addInitScript((value) => localStorage.setItem("hassTokens", value), JSON.stringify(tokens));
    await page.goto(`${url}${path}`);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
