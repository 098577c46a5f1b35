import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Incident } from "@lanwarden/contract/incident";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { TestHome } from "./running-agent.ts";

const capture = buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000 }).builder.toPcap();
let home: TestHome;

/** `kill -9` right after the answer: what was answered must hold after the next start. */
describe("an agent that is killed", () => {
  beforeAll(async () => {
    home = await TestHome.make([{ type: "file", path: "home.pcap", speed: "max" }]);
    writeFileSync(join(home.folder, "home.pcap"), capture);
    home.start();
    await home.ready();
    await home.over();
  }, 60_000);
  afterAll(() => home.remove());

  const send = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const init = body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {};
    const answer = await home.call(`/api/v1${path}`, { method, ...init });
    expect(answer.status).toBeLessThan(300);
    return (await answer.json()) as Answer;
  };
  async function killAndStart(): Promise<void> {
    home.process?.child.kill("SIGKILL");
    await home.process?.exited;
    home.start();
    await home.ready();
  }

  test("keeps a drill, which can still be acknowledged", async () => {
    const [device] = await home.devices();
    const drill = await send<Incident>("POST", "/drills", { kind: "mining", device: device!.id });
    await killAndStart();
    expect(await home.get(`/incidents/${drill.id}`)).toMatchObject({ status: "open", test: true });
    expect(await send("POST", `/incidents/${drill.id}/acknowledge`)).toMatchObject({ status: "acknowledged" });
    await killAndStart();
    expect(await home.get(`/incidents/${drill.id}`)).toMatchObject({ status: "acknowledged" });
  });

  test("keeps the mode, until the configuration says another", async () => {
    await send("PUT", "/mode", { mode: "protect" });
    await killAndStart();
    expect((await home.hub()).mode).toBe("protect");
    home.configure([{ type: "file", path: "home.pcap", speed: "max" }], { response: { mode: "ask" } });
    await killAndStart();
    expect((await home.hub()).mode).toBe("ask");
  });

  test("keeps what a person said of a device, and what is normal", async () => {
    const [device] = await home.devices();
    await send("PATCH", `/devices/${encodeURIComponent(device!.id)}`, { name: "Attic box", policy: "trusted" });
    const [incident] = (await home.incidents()).filter(({ status, test: drill }) => status === "open" && !drill);
    await send("POST", `/incidents/${incident!.id}/normal`);
    await killAndStart();
    expect(await home.get(`/devices/${encodeURIComponent(device!.id)}`)).toMatchObject({
      name: "Attic box",
      policy: "trusted",
    });
    expect(await home.get(`/incidents/${incident!.id}`)).toMatchObject({ status: "resolved" });
    expect((await home.get<{ items: object[] }>("/normal")).items).toHaveLength(1);
  });
});
