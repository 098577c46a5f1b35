import { existsSync, rmSync } from "node:fs";
import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice } from "@lanwarden/contract/test-double/samples";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setUp } from "./flows.ts";
import { example, NodeRed, noNodeRed, packNodes, until, VERSIONS } from "./rig.ts";

const CHROMIUM = "/usr/bin/chromium";
const reason = noNodeRed() ?? (existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is absent`);
if (reason !== undefined) process.stderr.write(`skipped: the editor of Node-RED, because ${reason}\n`);

/** Folder into which a picture of each state is put, to look at; none unless asked for. */
const PICTURES = process.env.NODE_RED_PICTURES;

describe.skipIf(reason !== undefined)("the editor", () => {
  let packed: { archive: string; folder: string };
  let browser: Browser;
  beforeAll(async () => {
    packed = packNodes();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(packed.folder, { recursive: true, force: true });
  });

  test.each(VERSIONS)("$version: palette, dialogs, pickers, connection test and help", async ({ version, port }) => {
    const agent = new FakeAgent();
    agent.setDevice(makeDevice(1, { name: "Hall camera" }));
    agent.setDevice(makeDevice(2, { name: "Desk plug" }));
    await agent.start();
    const red = new NodeRed(version, port);
    try {
      red.install(packed.archive);
      await red.start();
      await red.deploy(setUp(example("ask-then-isolate"), agent.url));
      await until(() => agent.listeners === 1);
      const page = await browser.newPage({ viewport: { width: 1600, height: 800 } });
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(red.url);
      await page.locator(".red-ui-palette-node[data-palette-type=lanwarden-incident]").waitFor();
      expect(await page.locator("#red-ui-palette-lanwarden .red-ui-palette-node").count()).toBe(7);
      await page.locator("#lw_ask_in").waitFor();
      await page.locator("#red-ui-palette-search input").pressSequentially("lanwarden");
      await page.locator("#lw_ask_in").click();
      await page.evaluate(showHelp);
      const help = page.locator(".red-ui-help:visible").first();
      await until(async () => ((await help.textContent()) ?? "").includes("Sends a message when something happens"));
      await look(page, `${version}-palette`);

      await open(page, "lw_ask_in");
      await page.locator("#node-input-severity").waitFor();
      expect(await page.locator("#node-input-severity").inputValue()).toBe("high");
      await choices(page, "lanwarden-devices", "Hall camera");
      await look(page, `${version}-incident`);
      await page.locator("#node-dialog-ok").click();
      await page.locator("#node-dialog-ok").waitFor({ state: "detached" });

      await open(page, "lw_ask_iso");
      await until(async () => (await page.locator("#node-input-device option").count()) === 3);
      await page.locator("#node-input-device").selectOption({ label: "Desk plug (192.168.1.2)" });
      await look(page, `${version}-isolate`);
      await page.locator("#node-dialog-ok").click();
      await page.locator("#node-dialog-ok").waitFor({ state: "detached" });
      expect(await page.evaluate(saved, "lw_ask_iso")).toMatchObject({ device: makeDevice(2).id });
      expect(await page.evaluate(saved, "lw_ask_in")).toMatchObject({
        severity: "high",
        kinds: [],
        devices: [],
        changes: ["opened", "escalated", "reopened"],
        // Looked at only: there is nothing to deploy.
        changed: undefined,
      });

      await page.evaluate(openConfig, "lw_agent");
      await page.locator("#lanwarden-agent-test").click();
      await until(async () =>
        /The agent answers/.test((await page.locator("#lanwarden-agent-said").textContent()) ?? ""),
      );
      await look(page, `${version}-agent`);
      await page.locator("#node-config-dialog-cancel").click();
      expect(complaints).toEqual([]);
      await page.close();
    } finally {
      await red.remove();
      await agent.stop();
    }
  });

  async function look(page: Page, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    // Trays slide in.
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  }

  async function open(page: Page, id: string): Promise<void> {
    await page.evaluate(edit, id);
    await page.locator("#node-dialog-ok").waitFor();
  }

  /** The list of a field with several choices holds a label. */
  async function choices(page: Page, id: string, label: string): Promise<void> {
    await until(async () => (await page.evaluate(labelsOf, id)).some((one) => one.startsWith(label)));
  }
});

/* Run in the page. */
interface EditorGlobals {
  RED: {
    nodes: { node(id: string): Record<string, unknown> };
    sidebar: { help: { show(type: string): void } };
    editor: { edit(node: unknown): void; editConfig(name: string, type: string, id: string): void };
  };
  $: (selector: string) => { data(key: string): { typeMap: { list: { options: { label: string }[] } } } };
}
const edit = (id: string): void => {
  const { RED } = globalThis as unknown as EditorGlobals;
  RED.editor.edit(RED.nodes.node(id));
};
const openConfig = (id: string): void => {
  const { RED } = globalThis as unknown as EditorGlobals;
  RED.editor.editConfig("", "lanwarden-agent", id);
};
const showHelp = (): void => {
  const { RED } = globalThis as unknown as EditorGlobals;
  RED.sidebar.help.show("lanwarden-incident");
};
const saved = (id: string): Record<string, unknown> => {
  const { RED } = globalThis as unknown as EditorGlobals;
  const { device, severity, kinds, devices, changes, changed } = RED.nodes.node(id);
  return { device, severity, kinds, devices, changes, changed: changed || undefined };
};
const labelsOf = (id: string): string[] => {
  const { $ } = globalThis as unknown as EditorGlobals;
  return $(`#${id}`)
    .data("noderedTypedInput")
    .typeMap.list.options.map(({ label }) => label);
};
