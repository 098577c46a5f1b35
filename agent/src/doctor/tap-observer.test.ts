import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CaptureBuilder } from "../demo/frames/capture.ts";
import { tcpTalk, udpExchange } from "../demo/frames/talk.ts";
import { diagnose } from "./diagnose.ts";
import { TapObserver } from "./tap-observer.ts";

/** Fed at a time where allocation is counted. */
const FRAMES = 20_000;
const START_US = 1_780_000_000_000_000;
const client = { mac: "02:00:00:00:00:01", ip: "192.168.1.10" };
const server = { mac: "02:00:00:00:00:02", ip: "203.0.113.5", ttl: 55 };

const builder = new CaptureBuilder();
tcpTalk(builder, {
  client,
  server,
  clientPort: 40_000,
  serverPort: 443,
  atUs: START_US,
  segments: [
    { from: "client", data: "question" },
    { from: "server", data: "answer" },
  ],
});
builder.addArp(START_US, {
  op: "request",
  senderMac: client.mac,
  senderIp: client.ip,
  targetMac: "00:00:00:00:00:00",
  targetIp: "192.168.1.1",
});
const frames = builder.frames();

const change = fc.record({ at: fc.nat(80), octet: fc.nat(255) });
const hostile = fc.record({
  frame: fc.nat(frames.length - 1),
  changes: fc.array(change, { maxLength: 6 }),
  cut: fc.option(fc.nat(80)),
  linkType: fc.constantFrom(1, 1, 1, 0, 101, 105, 113, 127, 276, 999),
  wireLength: fc.nat(300_000),
  atUs: fc.oneof(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1), fc.maxSafeNat()),
});

describe("the observer", () => {
  test("takes any frame, and its counts stay numbers that findings can judge", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 40 }), (list) => {
        const observer = new TapObserver({ isLive: true, ownMacs: [client.mac], ownIps: [client.ip, "fe80::1%eth0"] });
        for (const { frame, changes, cut, linkType, wireLength, atUs } of list) {
          const octets = frames[frame]!.frame.slice(0, cut ?? undefined);
          for (const { at, octet } of changes) if (at < octets.length) octets[at] = octet;
          observer.frame(octets, 0, octets.length, Math.max(wireLength, octets.length), linkType, atUs);
        }
        const seen = observer.observation(0);
        expect(seen.frames).toBe(list.length);
        for (const [name, value] of Object.entries(seen))
          if (typeof value === "number") expect(Number.isFinite(value), name).toBe(true);
        for (const { numbers } of diagnose(seen))
          for (const [name, value] of Object.entries(numbers)) expect(Number.isFinite(value), name).toBe(true);
      }),
    );
  });

  test("keeps its caps when a flood makes up machines and addresses", () => {
    const observer = new TapObserver({ isLive: false });
    const { frame, wireLength } = frames[0]!;
    const octets = frame.slice();
    const view = new DataView(octets.buffer);
    for (let i = 0; i < 60_000; i++) {
      view.setUint32(8, i);
      view.setUint32(2, ~i & 0x00ff_ffff);
      view.setUint32(26, 0x0a00_0000 + i);
      view.setUint16(34, i);
      observer.frame(octets, 0, octets.length, wireLength, 1, START_US + i);
    }
    const seen = observer.observation(0);
    expect(seen.frames).toBe(60_000);
    expect(seen.devices).toBeLessThanOrEqual(1024);
    expect(seen.pairsOneWay).toBeLessThanOrEqual(8192);
    // Nobody went on after a SYN: no proof that anything is missing.
    expect(seen.tcp.oneWay).toBe(0);
  });

  test("allocates nothing per frame", () => {
    const many = new CaptureBuilder();
    for (let i = 0; i < 64; i++)
      udpExchange(many, {
        client,
        server,
        clientPort: 50_000 + i,
        serverPort: 9,
        atUs: START_US + i,
        datagrams: [
          { from: "client", data: new Uint8Array(300).fill(i) },
          { from: "server", data: new Uint8Array(300).fill(i) },
        ],
      });
    const list = many.frames();
    const times: unknown[] = Array.from({ length: 1000 }, (_, i) => START_US + i * 1000 + 0.5);
    times.push("keeps the elements boxed");
    const observer = new TapObserver({ isLive: false });
    const run = (): void => {
      for (let i = 0; i < FRAMES; i++) {
        const { frame } = list[i % list.length]!;
        observer.frame(frame, 0, frame.length, frame.length, 1, times[i % 1000] as number);
      }
    };
    run();
    run();
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 3; turn++) {
      const before = process.memoryUsage().heapUsed;
      run();
      const grown = process.memoryUsage().heapUsed - before;
      if (grown >= 0) least = Math.min(least, grown);
    }
    // Times that are put into a field are boxed numbers: some octets a frame, and nothing else.
    expect(least / FRAMES).toBeLessThan(60);
  });
});
