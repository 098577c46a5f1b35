import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CAMERA, missingParts, Visits } from "./browser.ts";
import { makeDevice } from "./sample-home.ts";

const missing = missingParts("protection.test.ts");
const HASH = "#/protection";

describe.skipIf(missing.length > 0)("Protection in a browser", () => {
  const visits = new Visits();
  const visit: Visits["visit"] = (options) => visits.visit({ hash: HASH, ...options });
  beforeAll(() => visits.start());
  afterAll(() => visits.stop());
  afterEach(() => visits.closeAll());

  test("the mode: watching is set at once, acting by itself only after a second word", async () => {
    const { page, agent } = await visit();
    const modes = () => agent.seen.filter(({ path }) => path === "/api/v1/mode").map(({ body }) => body);
    const radio = (name: string) => page.locator("lw-mode").getByRole("radio", { name });
    await radio("Ask").waitFor();
    expect(await radio("Ask").isChecked()).toBe(true);
    await radio("Protect").check();
    const form = page.getByRole("form", { name: "Let Lanwarden act by itself" });
    await form.getByText("through nftables inet").waitFor();
    await form.getByRole("button", { name: "Not now" }).click();
    await form.waitFor({ state: "detached" });
    expect(await radio("Ask").isChecked()).toBe(true);
    expect(modes()).toEqual([]);

    await radio("Protect").check();
    await form.getByRole("button", { name: "Let it act by itself" }).click();
    await page.getByText("From now on Lanwarden shuts dangerous devices off by itself.").waitFor();
    expect(await radio("Protect").isChecked()).toBe(true);
    expect(await radio("Protect").evaluate((input) => input.matches(":focus"))).toBe(true);
    await page.keyboard.press("ArrowUp");
    await page.getByText("From now on Lanwarden shuts a device off when you say so.").waitFor();
    await page.keyboard.press("ArrowUp");
    await page.getByText("From now on Lanwarden only watches.").waitFor();
    expect(modes()).toEqual(['{"mode":"protect"}', '{"mode":"ask"}', '{"mode":"monitor"}']);
    expect(await radio("Monitor").isChecked()).toBe(true);
  });

  test("a mode that the agent refuses leaves the old one chosen", async () => {
    const { page, agent } = await visit();
    const radio = (name: string) => page.locator("lw-mode").getByRole("radio", { name });
    await radio("Monitor").waitFor();
    agent.isRefusing = true;
    await radio("Monitor").click();
    await page.getByText("Problem 503.").waitFor();
    await page.waitForFunction(
      () =>
        document
          .querySelector("lw-app")
          ?.shadowRoot?.querySelector("lw-protection")
          ?.shadowRoot?.querySelector("lw-mode")
          ?.shadowRoot?.querySelector<HTMLInputElement>("input[value=ask]")?.checked === true,
    );
  });

  test("back-ends say what they reach, or why they cannot, and the journal what was done", async () => {
    const { page, agent } = await visit();
    const reach = page.locator("lw-reach");
    await reach
      .locator("li", { hasText: "nftables inet" })
      .getByText("Shuts a device off from the internet.")
      .waitFor();
    const fritz = reach.locator("li", { hasText: "switch.fritzbox_internet_access" }).first();
    await fritz.getByText("not ready").waitFor();
    await fritz.getByText("by IPv4 only").waitFor();
    await fritz.getByText("does not know the entity").waitFor();
    await reach.locator("li", { hasText: "DiskStation" }).getByText("asked by Home Assistant").waitFor();
    await reach.getByText("nft could not be started: permission denied.").waitFor();
    const before = agent.seen.filter(({ path }) => path === "/api/v1/isolations").length;
    agent.responder.settle(CAMERA, { state: "yes", proof: "tap", since: new Date().toISOString() });
    await page.locator("lw-isolated").getByText("Garden camera").waitFor();
    await expect
      .poll(() => agent.seen.filter(({ path }) => path === "/api/v1/isolations").length, { timeout: 5000 })
      .toBe(before + 1);
  });

  test("isolated devices are released one by one, or all", async () => {
    const since = new Date().toISOString();
    const { page, agent } = await visit({
      prepare: ({ responder }) => {
        for (const n of [0, 3, 4]) responder.settle(makeDevice(n).id, { state: "yes", since, proof: "tap" });
      },
    });
    const list = page.locator("lw-isolated");
    await list.getByRole("button", { name: "Release: DiskStation" }).focus();
    await page.keyboard.press("Enter");
    await list.getByText("DiskStation").waitFor({ state: "detached" });
    await list.getByRole("button", { name: "Release all 2" }).click();
    await list.waitFor({ state: "detached" });
    await page.getByText("All devices are being released.").waitFor();
    expect(agent.seen.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual([
      `/api/v1/devices/${encodeURIComponent(makeDevice(4).id)}/isolation`,
      "/api/v1/isolations",
    ]);
  });

  test("the Matter code is there to be scanned, dark on white also in the dark", async () => {
    const { page, complaints } = await visit({ scheme: "dark" });
    const matter = page.locator("lw-matter");
    const code = matter.getByRole("img", { name: "Matter pairing code as a QR code" });
    await code.waitFor();
    await matter.getByText("3497-011-2332").waitFor();
    await matter.getByText("Home of Ada").waitFor();
    // "MT:Y.K9042C00KA0648G00" at level M needs version 2: 25 modules, and 4 of quiet zone on each side.
    expect(await code.getAttribute("viewBox")).toBe("0 0 33 33");
    const fills = await code.evaluate((svg) => [...svg.children].map((shape) => getComputedStyle(shape).fill));
    expect(fills).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
    const box = await code.boundingBox();
    expect(box?.width).toBeGreaterThan(33 * 4);
    await matter.getByText("4 things that it shows").click();
    await matter.getByText("Mining alert").waitFor();
    expect(complaints).toEqual([]);
  });

  test("a paired bridge lets another controller in when asked", async () => {
    const { page, agent } = await visit({
      prepare: ({ home }) => Object.assign(home.matter ?? {}, { qr: null, manual: null }),
    });
    const matter = page.locator("lw-matter");
    const button = matter.getByRole("button", { name: "Let another controller in" });
    await button.waitFor();
    expect(await matter.getByRole("img").count()).toBe(0);
    await button.click();
    await matter.getByRole("img").waitFor();
    expect(agent.seen.find(({ path }) => path === "/api/v1/matter/window")).toMatchObject({
      method: "POST",
      csrf: "sample-csrf",
    });
  });

  test("without Matter and back-ends it says how to have them", async () => {
    const { page } = await visit({ scenario: "quiet" });
    await page.locator("lw-matter").getByText("matter: { enabled: true }").waitFor();
    expect(await page.locator("lw-matter").getByRole("button").count()).toBe(0);
    await page.locator("lw-reach").getByText("response.backends").waitFor();
    await page.locator("lw-mode").getByText("would have done").waitFor();
  });

  test("a token that may only read sees the mode and cannot change it", async () => {
    const { page } = await visit({
      prepare: (agent) => {
        agent.scope = "read";
      },
    });
    await page.locator("lw-mode").getByRole("radio", { name: "Ask" }).waitFor();
    expect(await page.locator("lw-mode").getByRole("radio", { disabled: true }).count()).toBe(3);
  });
});
