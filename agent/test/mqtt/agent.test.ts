import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startCli } from "../cli/run-cli.ts";
import { CAMERA, quietHome } from "../home-assistant/captures.ts";
import { freePort, hasMosquitto, mosquitto } from "./brokers.ts";
import { Listener, retained, until } from "./listener.ts";

const folder = mkdtempSync(join(tmpdir(), "lanwarden-mqtt-agent-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(!hasMosquitto)(
  "the service: commands within two seconds, offline by the broker's word after kill -9, back after a restart",
  async () => {
    const broker = await mosquitto();
    writeFileSync(join(folder, "quiet.pcap"), quietHome());
    const config = {
      agent: "test",
      data: join(folder, "data"),
      home: { networks: ["192.168.178.0/24"] },
      sources: [{ type: "file", path: "quiet.pcap", speed: 2, loop: true }],
      http: { listen: `127.0.0.1:${await freePort()}` },
      mqtt: { url: broker.url },
      devices: [{ mac: CAMERA.mac, name: "Hall camera", pinned: true }],
    };
    writeFileSync(join(folder, "lanwarden.yaml"), JSON.stringify(config));
    const start = () => startCli(["run", "--config", "lanwarden.yaml"], folder);
    const listener = await Listener.open(broker.url);
    const [status, state, event] = ["lanwarden/test/status", "lanwarden/test/state", "lanwarden/test/incident"];
    let agent = start();
    try {
      await until("online", () => listener.last(status) === "online", 20_000);
      await until("the camera", () => listener.last("lanwarden/test/dev/ec71db005301/state") !== undefined, 10_000);
      listener.forget();
      await listener.say("lanwarden/test/test_incident/set", JSON.stringify({ kind: "mining", device: CAMERA.mac }));
      await until(
        "the drill's event and the answer",
        () => [event, state].every((topic) => listener.last(topic) !== undefined),
        2000,
      );
      expect(listener.json(event)).toMatchObject({ event_type: "mining_started", test: true, device: CAMERA.mac });
      // A drill is no threat.
      expect(listener.json(state)).toMatchObject({ threat: "OFF", mining: "OFF", open_incidents: 0 });
      listener.forget();
      await listener.say("lanwarden/test/mode/set", "ask");
      await until("the mode", () => listener.json(state).mode === "ask", 2000);

      agent.child.kill("SIGKILL");
      await until("offline", () => listener.last(status) === "offline", 5000);
      expect((await retained(broker.url, status)).get(status)).toBe("offline");
      agent = start();
      await until("online again", () => listener.last(status) === "online", 20_000);
      expect(await agent.stop()).toBe(0);
      await until("offline in order", () => listener.last(status) === "offline", 3000);
    } finally {
      agent.child.kill("SIGKILL");
      await listener.close();
      await broker.remove();
    }
  },
  60_000,
);
