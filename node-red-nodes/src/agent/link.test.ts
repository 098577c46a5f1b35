import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AgentLink, type LinkUser, type SavedLink } from "./link.ts";

/** A node that writes down what it hears. */
class Ear implements LinkUser {
  readonly id: string;
  readonly states: string[] = [];
  readonly incidents: string[] = [];
  readonly devices: string[] = [];
  readonly faults: string[] = [];
  ready = 0;

  constructor(id: string) {
    this.id = id;
  }
  onState(state: string): void {
    if (this.states.at(-1) !== state) this.states.push(state);
  }
  onFault(error: Error): void {
    this.faults.push(error.message);
  }
  onReady(): void {
    this.ready++;
  }
  onIncident({ change, incident }: { change: string; incident: { id: string; count: number } }): void {
    this.incidents.push(`${change} ${incident.id} ${incident.count}`);
  }
  onDevice({ id }: { id: string }): void {
    this.devices.push(id);
  }
}

const links: AgentLink[] = [];
let saved: SavedLink | undefined;
function linkTo(address: string, token = "lw_act"): AgentLink {
  const link = new AgentLink(
    { address, token },
    {
      load: () => Promise.resolve(saved),
      save: (next) => {
        saved = JSON.parse(JSON.stringify(next));
      },
    },
  );
  links.push(link);
  return link;
}
const until = (holds: () => boolean) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 8000, interval: 20 });
const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));

beforeEach(() => {
  saved = undefined;
});
afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

describe("AgentLink", () => {
  const agent = new FakeAgent();
  afterEach(async () => {
    await agent.stop();
    agent.incidents.clear();
    agent.devices.clear();
  });

  test("what was before the first connection is learned, not told", async () => {
    agent.setDevice(makeDevice(1, { name: "Hall camera" }));
    agent.setIncident("opened", makeIncident("past"));
    const link = linkTo(await agent.start());
    const ear = new Ear("a");
    link.add(ear);
    await until(() => ear.ready === 1);
    expect([...link.open.keys()]).toEqual(["past"]);
    expect(link.devices.get(makeDevice(1).id)?.name).toBe("Hall camera");
    expect(link.speech(makeIncident("x"))).toContain("Hall camera");
    agent.setIncident("updated", makeIncident("past", { count: 2 }));
    await until(() => ear.incidents.length === 1);
    expect(ear).toMatchObject({ incidents: ["updated past 2"], devices: [], states: ["connecting", "connected"] });
  });

  test("what happens between the first connection and its first event is not lost", async () => {
    const link = linkTo(await agent.start());
    const ear = new Ear("a");
    link.add(ear);
    await until(() => ear.ready === 1);
    await agent.stop();
    agent.setIncident("opened", makeIncident("while away"));
    await agent.start();
    await until(() => ear.incidents.length === 1);
    expect(ear.incidents).toEqual(["opened while away 1"]);
  });

  test("one connection for all its users; it ends with the last", async () => {
    const link = linkTo(await agent.start());
    const [a, b] = [new Ear("a"), new Ear("b")];
    link.add(a);
    link.add(b);
    await until(() => a.ready === 1 && b.ready === 1);
    expect(agent.listeners).toBe(1);
    link.remove(a, false);
    agent.setIncident("opened", makeIncident("i"));
    await until(() => b.incidents.length === 1);
    expect(a.incidents).toEqual([]);
    link.remove(b, false);
    await until(() => agent.listeners === 0);
  });

  test("a node deployed anew gets what it missed, others hear nothing twice", async () => {
    const link = linkTo(await agent.start());
    const [a, b] = [new Ear("a"), new Ear("b")];
    link.add(a);
    link.add(b);
    await until(() => a.ready === 1);
    link.remove(a, true);
    agent.setIncident("opened", makeIncident("meanwhile"));
    await until(() => b.incidents.length === 1);
    const again = new Ear("a");
    link.add(again);
    const stranger = new Ear("c");
    link.add(stranger);
    expect(again.incidents).toEqual(["opened meanwhile 1"]);
    expect(stranger.incidents).toEqual([]);
    expect(b.incidents).toHaveLength(1);
  });

  test("a new process goes on where the last one stopped, by number or by comparing", async () => {
    const first = linkTo(await agent.start());
    const ear = new Ear("a");
    first.add(ear);
    await until(() => ear.ready === 1);
    agent.setIncident("opened", makeIncident("a"));
    await until(() => ear.incidents.length === 1);
    first.close();
    agent.setIncident("opened", makeIncident("b"));
    const second = linkTo(agent.url);
    const next = new Ear("a");
    second.add(next);
    await until(() => next.incidents.length === 1);
    expect(next.incidents).toEqual(["opened b 1"]);
    second.close();
    agent.setIncident("resolved", makeIncident("b", { status: "resolved" }));
    agent.forgetStream();
    const third = linkTo(agent.url);
    const last = new Ear("a");
    third.add(last);
    await until(() => last.incidents.length === 1);
    await quiet();
    expect(last.incidents).toEqual(["resolved b 1"]);
  });

  test("another agent at another address: nothing of the old one counts", async () => {
    saved = { address: "http://old.example:8470", lastId: "7", told: [] };
    agent.setIncident("opened", makeIncident("a"));
    const link = linkTo(await agent.start());
    const ear = new Ear("a");
    link.add(ear);
    await until(() => ear.ready === 1);
    await quiet();
    expect(ear.incidents).toEqual([]);
  });

  test("says that the token is refused, and that nobody answers", async () => {
    const url = await agent.start();
    const ear = new Ear("a");
    const link = linkTo(url, "lw_wrong");
    link.add(ear);
    await until(() => ear.states.includes("refused"));
    expect(() => link.assertConnected()).toThrow("does not accept the token");
    await agent.stop();
    const away = new Ear("b");
    linkTo(url).add(away);
    await until(() => away.states.includes("offline"));
    expect(away.states).not.toContain("connected");
  });

  test("a user that throws takes neither the others nor the process down", async () => {
    const link = linkTo(await agent.start());
    const [bad, good] = [new Ear("bad"), new Ear("good")];
    bad.onIncident = () => {
      throw new Error("my fault");
    };
    link.add(bad);
    link.add(good);
    await until(() => good.ready === 1);
    agent.setIncident("opened", makeIncident("a"));
    await until(() => good.incidents.length === 1);
    expect(bad.faults).toEqual(["my fault"]);
  });
});

test("cut off in the middle of all told anew: the rest comes once, the first half not again", async () => {
  const told = [makeIncident("a"), makeIncident("b"), makeIncident("c")];
  const asked: (string | undefined)[] = [];
  const event = (incident: object) => `event: incident\ndata: ${JSON.stringify({ change: "updated", incident })}\n\n`;
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => response.end(`retry: 100\n\nid: 5\n\n`),
    (response) => response.end(event(told[0]!) + event(told[1]!)),
    (response) => response.write(`${told.map(event).join("")}id: 9\n\nid: 10\n${event(makeIncident("d"))}`),
  ];
  const server = createServer((request, response) => {
    asked.push(request.headers["last-event-id"] as string | undefined);
    response.writeHead(200, { "content-type": "text/event-stream" });
    answers.shift()?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const ear = new Ear("a");
  linkTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).add(ear);
  await until(() => ear.incidents.length === 4);
  expect(ear.incidents).toEqual(["opened a 1", "opened b 1", "opened c 1", "updated d 1"]);
  expect(asked).toEqual(["999999999999999", "5", "5"]);
  server.closeAllConnections();
  server.close();
});
