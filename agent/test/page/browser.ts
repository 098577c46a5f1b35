import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { FakeAgent } from "./fake-agent.ts";
import { makeDevice } from "./sample-home.ts";

const CHROMIUM = "/usr/bin/chromium";
const BUILT = fileURLToPath(new URL("../../dashboard/dist/page/index.html", import.meta.url));

export const CAMERA = makeDevice(0).id;

/** Why the page cannot be tried here, told once; empty where it can. */
export function missingParts(test: string): string[] {
  const missing = [
    existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is absent`,
    existsSync(BUILT) ? undefined : "the page is not built: npm run build",
  ].filter((reason) => reason !== undefined);
  if (missing.length > 0) process.stdout.write(`${test} skipped: ${missing.join("; ")}\n`);
  return missing;
}

export interface VisitOptions {
  width?: number;
  height?: number;
  scheme?: "light" | "dark";
  hash?: string;
  /** Changes the home before the page is opened. */
  prepare?: (agent: FakeAgent) => void;
}

export interface Visit {
  page: Page;
  agent: FakeAgent;
  /** Errors and warnings of the page. */
  complaints: string[];
}

/** A browser, and the pages and agents that one test opened in it. */
export class Visits {
  readonly #open: { close(): Promise<unknown> }[] = [];
  #browser: Browser | undefined;

  async start(): Promise<void> {
    this.#browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
  }

  /** Is closed after the test. */
  keep(thing: { close(): Promise<unknown> }): void {
    this.#open.push(thing);
  }

  async closeAll(): Promise<void> {
    for (const thing of this.#open.splice(0).reverse()) await thing.close();
  }

  /** An agent with a sample home, and its page. */
  async visit(options: ConstructorParameters<typeof FakeAgent>[0] & VisitOptions = {}): Promise<Visit> {
    if (this.#browser === undefined) throw new Error("start() comes first");
    const agent = new FakeAgent(options);
    options.prepare?.(agent);
    await agent.start();
    this.keep({ close: () => agent.stop() });
    const page = await this.#browser.newPage({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      colorScheme: options.scheme ?? "light",
      reducedMotion: "reduce",
    });
    this.keep(page);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(agent.url + (options.hash ?? ""));
    return { page, agent, complaints };
  }
}
