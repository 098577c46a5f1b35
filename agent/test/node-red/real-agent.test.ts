import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Incident } from "@lanwarden/contract/incident";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { TestHome } from "../service/running-agent.ts";
import { agentNode, entrance, ours, reporter, tab } from "./flows.ts";
import { Listener, NodeRed, noNodeRed, packNodes, pause, until, VERSIONS } from "./rig.ts";

const { version, port } = VERSIONS[1];

describe.skipIf(noNodeRed() !== undefined)("the nodes and the real agent", () => {
  const red = new NodeRed(version, port);
  let packed: { archive: string; folder: string };
  let home: TestHome;
  let listener: Listener;
  beforeAll(async () => {
    packed = packNodes();
    red.install(packed.archive);
    home = await TestHome.make([{ type: "file", path: "home.pcap", speed: "max" }]);
    writeFileSync(
      join(home.folder, "home.pcap"),
      buildDemoHome({ seed: 3, startUs: 1_760_000_000_000_000 }).builder.toPcap(),
    );
    listener = await new Listener().start();
    home.start();
    await Promise.all([red.start(), home.ready()]);
    await home.over();
  });
  afterAll(async () => {
    await red.remove();
    await home.remove();
    await listener.stop();
    rmSync(packed.folder, { recursive: true, force: true });
  });

  const messages = () =>
    listener.heard.map(({ body }) => ({ change: String(body.change), incident: body.incident as Incident }));
  const last = (id: string) => messages().findLast(({ incident }) => incident.id === id)?.incident;
  const drill = async (device: string): Promise<string> => {
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    const answer = await home.call("/api/v1/drills", { ...init, body: JSON.stringify({ kind: "mining", device }) });
    return ((await answer.json()) as Incident).id;
  };

  test("killed and started again mid-flow: every incident is told as it is, and nothing twice", async () => {
    const before = new Set((await home.incidents()).map(({ id }) => id));
    expect(before.size).toBeGreaterThan(3);
    const device = (await home.devices())[0]!.id;
    const minted = await home.call("/api/v1/tokens", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "node-red", scope: "act" }),
    });
    const { token } = (await minted.json()) as { token: string };
    await red.deploy([
      tab,
      agentNode(`http://127.0.0.1:${home.port}`, token),
      ours("in", "incident", [["out"]], { severity: "info", changes: [] }),
      ...entrance("enter", "/send", "ack"),
      ours("ack", "acknowledge", [[]]),
      ...reporter("out", listener.url),
    ]);
    await pause(1500);
    expect(messages()).toEqual([]);

    const first = await drill(device);
    await until(() => last(first) !== undefined);
    // Written to disk within a second; what is killed before is not told by the agent either.
    await pause(1500);
    home.process!.child.kill("SIGKILL");
    await home.process!.exited;
    home.start();
    await home.ready();
    await home.over();
    const second = await drill(device);
    await until(() => last(second) !== undefined);
    await red.ask("/send", { incident: second });
    await until(() => last(second)?.status === "acknowledged");

    // Compared as text, so that a failure names the incidents.
    const state = (of: Incident | undefined) => `${of?.id} ${of?.status} ${of?.count}`;
    const known = async () => (await home.incidents()).filter(({ id }) => !before.has(id) || last(id) !== undefined);
    const differing = async () => (await known()).filter((now) => state(now) !== state(last(now.id)));
    await until(async () => (await differing()).length === 0).catch(() => undefined);
    expect((await differing()).map((now) => `${state(now)}, told as ${state(last(now.id))}`)).toEqual([]);
    const told = messages().map(({ change, incident: { id, count, status, severity, last_seen } }) =>
      [change, id, count, status, severity, last_seen].join(" "),
    );
    expect(new Set(told).size).toBe(told.length);
    expect(messages().filter(({ incident }) => incident.id === first || incident.id === second)).toMatchObject([
      { change: "opened", incident: { id: first } },
      { change: "opened", incident: { id: second } },
      { change: "acknowledged", incident: { id: second } },
    ]);
    expect(red.log).not.toContain(token);
  });
});
