import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentClient } from "./agent-client.ts";

let agent: FakeAgent;
let client: AgentClient;
/** What the listener was told, in order. */
let told: string[];
const until = (what: string) => expect.poll(() => told, { timeout: 10_000 }).toContain(what);

beforeEach(async () => {
  agent = new FakeAgent({ verifyMs: 20 });
  agent.setDevice(makeDevice(1));
  agent.setIncident("opened", makeIncident("before"));
  agent.setIncident("resolved", makeIncident("over", { status: "resolved" }));
  agent.setIncident("acknowledged", makeIncident("seen", { status: "acknowledged" }));
  client = new AgentClient(await agent.start(), "lw_act");
  told = [];
  void client.listen({
    snapshot: ({ devices, incidents }) =>
      told.push(`all: ${devices.length}, ${incidents.map(({ id }) => id).join("+")}`),
    event: (event) => {
      if (event.event === "incident") told.push(`${event.data.change} ${event.data.incident.id}`);
      else if (event.event === "device") told.push(event.data.name);
    },
    lost: (reason) => told.push(`lost: ${reason}`),
  });
  await until("all: 1, seen+before");
});
afterEach(async () => {
  client.close();
  await agent.stop();
});

describe("speaking to the agent", () => {
  test("tells all that is, without what is over, then what happens", async () => {
    agent.setIncident("opened", makeIncident("new"));
    agent.setDevice(makeDevice(2));
    await until("Device 2");
    expect(told).toEqual(["all: 1, seen+before", "opened new", "Device 2"]);
  });

  test("comes back by itself, and is told what it missed after what is", async () => {
    agent.setIncident("opened", makeIncident("one"));
    await until("opened one");
    await agent.stop();
    await until("lost: nothing listens at its address");
    agent.setIncident("opened", makeIncident("missed"));
    await agent.start();
    await until("opened missed");
    expect(told.slice(-2)).toEqual(["all: 1, seen+missed+one+before", "opened missed"]);
    expect(told.filter((line) => line === "opened one")).toHaveLength(1);
  });

  test("says in the agent's words why something was refused", async () => {
    const { id } = makeDevice(1);
    agent.refusals.set(id, "protected_device");
    await expect(client.isolate(id)).rejects.toThrow(/\S/);
    await expect(client.isolate("ff:ff:ff:ff:ff:ff")).rejects.toThrow('No device "ff:ff:ff:ff:ff:ff".');
    agent.refusals.clear();
    await client.isolate(id);
    await client.release(id);
    await client.setMode("protect");
    expect(agent.calls.slice(-3)).toEqual([
      { method: "PUT", path: `/devices/${id}/isolation`, body: { by: "matter" } },
      { method: "DELETE", path: `/devices/${id}/isolation`, body: undefined },
      { method: "PUT", path: "/mode", body: { mode: "protect" } },
    ]);
  });

  test("a token that is not accepted is told, without the token", async () => {
    const stranger = new AgentClient(agent.url, "lw_wrong");
    const reasons: string[] = [];
    void stranger.listen({
      snapshot: () => reasons.push("all"),
      event: () => reasons.push("event"),
      lost: (reason) => reasons.push(reason),
    });
    await expect.poll(() => reasons.length).toBeGreaterThan(0);
    stranger.close();
    expect(reasons[0]).toBe("A token is needed.");
  });
});
