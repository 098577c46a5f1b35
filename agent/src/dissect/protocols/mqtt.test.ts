import { describe, expect, it } from "vitest";
import {
  connack,
  connect,
  connect5,
  longPublish,
  publish,
  samples,
  subscribe,
} from "../../../test/props/samples/mqtt.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { mqtt } from "./mqtt.ts";

describe("mqtt", () => {
  it("reads CONNECT and its answer, SUBSCRIBE and PUBLISH", () => {
    const told = drive(mqtt, samples[0]!);
    expect(told.logins).toEqual([
      { service: "mqtt", user: "admin", outcome: "success", isDefault: true, isEmpty: false, isClearText: true },
    ]);
    expect(told.events).toEqual([
      {
        kind: "connect",
        qos: 0,
        retain: false,
        dup: false,
        connect: {
          protocol: "MQTT",
          version: 4,
          flags: { username: true, password: true, willRetain: false, will: true, cleanSession: true },
          keepAliveSeconds: 60,
          clientId: "cam1",
          user: "admin",
          willTopic: "lw/off",
        },
      },
      { kind: "connack", qos: 0, retain: false, dup: false, code: 0, sessionPresent: false },
      {
        kind: "subscribe",
        qos: 1,
        retain: false,
        dup: false,
        messageId: 7,
        topics: [
          { topic: "#", qos: 0 },
          { topic: "a/b", qos: 1 },
        ],
      },
      { kind: "publish", qos: 1, retain: true, dup: false, topic: "t/1", messageId: 9, length: 2, count: 1 },
      { kind: "publish", qos: 0, retain: false, dup: false, topic: "t/lg", length: 300, count: 1 },
      { kind: "disconnect", qos: 0, retain: false, dup: false, code: 0 },
    ]);
    expect(mqtt.eve?.(told.events[0]!)).toMatchObject({
      event_type: "mqtt",
      mqtt: { connect: { protocol_string: "MQTT", protocol_version: 4, client_id: "cam1", username: "admin" } },
    });
    expect(JSON.stringify(mqtt.eve?.(told.events[0]!))).not.toContain('"password":"');
  });

  it("tells a refusal, and a broker that lets anybody in", () => {
    expect(drive(mqtt, [connect, connack("04")]).logins[0]?.outcome).toBe("failure");
    expect(drive(mqtt, [connect, connack("03")]).logins[0]?.outcome).toBe("unknown");
    expect(drive(mqtt, samples[2]!).logins).toEqual([
      { service: "mqtt", user: "", outcome: "success", isDefault: false, isEmpty: true, isClearText: false },
    ]);
  });

  it("tells the first publishes and then every 64th", () => {
    const told = drive(mqtt, [connect, connack("00"), ...Array<typeof publish>(200).fill(publish)]);
    const counts = told.events.flatMap((event) => (event.kind === "publish" ? [event.count] : []));
    expect(counts.slice(-4)).toEqual([63, 64, 128, 192]);
  });

  it("passes over a message of 256 MiB without keeping it", () => {
    const huge = { toServer: true, octets: Uint8Array.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x74, 1, 2, 3]) };
    const told = drive(mqtt, [connect, connack("00"), huge, subscribe, longPublish]);
    expect(told.events.map((event) => event.kind)).toEqual(["connect", "connack", "publish", "publish"]);
    expect(told.events[2]).toMatchObject({ topic: "t", length: 268435452 });
  });

  it("probes", () => {
    const probe = (octets: Uint8Array, serverPort = 9) =>
      mqtt.probe({ buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 }, { clientPort: 1, serverPort });
    expect(probe(connect.octets)).toBe(PROBE_YES);
    expect(probe(connect5.octets)).toBe(PROBE_YES);
    expect(probe(connect.octets.subarray(0, 4))).toBe(PROBE_MORE);
    expect(probe(latin1("\x10\x20\x00\x04XXXXXX"))).toBe(PROBE_NO);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(mqtt, samples);
    expectNoiseHarmless(mqtt, samples, ["\x10", "\x30\xff\x01", "\x20\x02\x00\x00", "\x00\x04MQTT"]);
  });
});
