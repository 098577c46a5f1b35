import { describe, expect, it } from "vitest";
import {
  examples,
  frame,
  fromClient,
  fromServer,
  homeAssistant,
  miner,
  mqttSession,
  packedMiner,
  samples,
} from "../../../test/props/samples/websocket.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, hex } from "../../../test/props/stream-drive.ts";
import { http } from "./http.ts";
import { websocket } from "./websocket.ts";

describe("websocket", () => {
  it("counts messages of the standard's examples and tells the close code", () => {
    const told = drive(websocket, examples);
    expect(told.events).toEqual([
      { phase: "end", textMessages: 2, binaryMessages: 1, packedMessages: 0, octets: 5 + 5 + 256, closeCode: 1000 },
    ]);
    expect(told.isDone).toBe(true);
  });

  it("reads a browser's miner through the mask", () => {
    const told = drive(websocket, miner);
    expect(told.labels).toEqual([{ app: "Mining" }]);
    expect(told.events.map((event) => event.mining?.kind ?? event.phase)).toEqual([
      "login",
      "job",
      "submit",
      "accepted",
      "end",
    ]);
    expect(told.events[3]?.mining).toMatchObject({ dialect: "web", submitted: 1, accepted: 1, rejected: 0 });
  });

  it("reads a message in fragments, with a ping between them", () => {
    const pieces = [
      fromServer('{"type":"job","params":', 0x01),
      { toServer: false, octets: hex("89 00") },
      fromServer('{"job_id":"1","blob":"0707","target":"ffffff00"}}', 0x80),
    ];
    expect(drive(websocket, pieces).events[0]?.mining?.kind).toBe("job");
  });

  it("passes over long frames and compressed text", () => {
    const long = { toServer: false, octets: frame(0x82, new Uint8Array(40_000)) };
    const packed = fromServer('{"type":"job","params":{"job_id":"1","blob":"07"}}', 0xc1);
    const told = drive(websocket, [long, packed, ...miner.slice(2, 3)]);
    expect(told.events.map((event) => event.phase)).toEqual(["mining", "end"]);
    expect(told.events[1]).toMatchObject({ textMessages: 2, binaryMessages: 1 });
  });

  it("does not take the JSON of a home server for mining", () => {
    const chat = Array.from({ length: 20 }, (_, id) => [
      fromClient(JSON.stringify({ id, type: "call_service", service: "turn_on", params: { a: 1 } })),
      fromServer(JSON.stringify({ id, type: "result", success: true, result: { job_id: id } })),
    ]).flat();
    const told = drive(websocket, chat);
    expect(told.events.map((event) => event.phase)).toEqual(["end"]);
    expect(told.labels).toEqual([]);
  });

  it("hands what lies in binary messages to MQTT", () => {
    const told = drive(websocket, mqttSession);
    expect(told.labels).toContainEqual({ app: "MQTT" });
    expect(told.events.map(({ phase, mqtt }) => mqtt?.kind ?? phase)).toEqual([
      "connect",
      "connack",
      "subscribe",
      "publish",
      "publish",
      "publish",
      "end",
    ]);
    expect(told.events[4]?.mqtt).toMatchObject({ topic: "home/hall/camera", length: 20_000 });
    expect(told.logins).toMatchObject([{ service: "mqtt", user: "ann", outcome: "success", isClearText: true }]);
    expect(websocket.eve?.(told.events[5]!)).toMatchObject({
      event_type: "mqtt",
      mqtt: { publish: { topic: "home/hall/door" } },
    });
    expect(JSON.stringify(told)).not.toContain("hunter2");
  });

  it("leaves binary messages of other kinds, and MQTT that lost step", () => {
    const other = [
      { toServer: true, octets: frame(0x82, Uint8Array.of(0x10, 3, 1, 2, 3, 4, 5, 6, 7, 8), [1, 2, 3, 4]) },
    ];
    expect(drive(websocket, [...other, ...mqttSession]).events).toHaveLength(1);
    const long = { toServer: false, octets: frame(0x82, new Uint8Array(40_000)) };
    const lost = [...mqttSession.slice(0, 3), long, ...mqttSession.slice(3)];
    expect(drive(websocket, lost).events.map(({ phase }) => phase)).toEqual(["mqtt", "mqtt", "end"]);
  });

  it("knows Home Assistant by its greeting, and looks at nothing behind it", () => {
    const told = drive(websocket, homeAssistant);
    expect(told.labels).toEqual([{ app: "HomeAssistant" }]);
    expect(told.events).toMatchObject([
      { phase: "home-assistant", homeAssistant: { version: "2026.8.1" } },
      { phase: "end", textMessages: 5 },
    ]);
    expect(told.logins).toEqual([]);
    expect(JSON.stringify(told)).not.toContain("eyJ");
  });

  it("reads the first packed messages, each with what it refers to", () => {
    const told = drive(websocket, packedMiner);
    expect(told.labels).toEqual([{ app: "Mining" }]);
    expect(told.events.map((event) => event.mining?.kind ?? event.phase)).toEqual([
      "login",
      "job",
      "submit",
      "accepted",
      "end",
    ]);
    expect(told.events.at(-1)).toMatchObject({ textMessages: 5, packedMessages: 5 });
    // One message missing: what refers to it is not guessed at.
    const broken = [...packedMiner.slice(0, 1), fromServer("x".repeat(9000), 0xc1), ...packedMiner.slice(1)];
    expect(drive(websocket, broken).events.map(({ phase }) => phase)).not.toContain("job");
  });

  it("gives up frames that break the rules", () => {
    const only = (octets: Uint8Array) => drive(websocket, [{ toServer: false, octets }]).anomalies;
    expect(only(hex("83 00"))).toEqual(["bad-opcode"]);
    expect(only(hex("09 00"))).toEqual(["bad-control-frame"]);
    expect(only(hex("82 7f ffffffff ffffffff"))).toEqual(["bad-length"]);
  });

  it("is what HTTP hands a connection to after 101", () => {
    const upgrade = dialogue(
      "> GET /s HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      "< HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n",
    );
    expect(drive(http, upgrade).became).toBe("websocket");
  });

  it("says the same however the octets are cut, and survives noise", () => {
    expectSplitsAlike(websocket, samples);
    expectNoiseHarmless(websocket, samples, ["{", "\x81\x05", "\x88\x02"]);
  });
});
