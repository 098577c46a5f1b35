import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { SensorEvent } from "../dissect/event.ts";
import { LearnedNames } from "../dissect/learned-names.ts";
import type { ExportedFlow } from "./exported-flow.ts";
import { FlowPairs } from "./flow-pairs.ts";

const NOW = 1_767_225_600_000_000;
const SECOND = 1_000_000;
const ROUTER = "192.168.1.1";
let nowUs = NOW;
let pairs: FlowPairs;

const fresh = (): FlowPairs =>
  new FlowPairs({
    warn: () => undefined,
    isHome: (ip) => ip.startsWith("192.168."),
    seed: 1,
    names: new LearnedNames(),
  });

interface Given extends Partial<ExportedFlow> {
  readonly flags?: number;
  readonly packets?: number;
  readonly bytes?: number;
}

/** A record that is told 20 s after its flow ended. `from`, `to`: "address:port". */
function record(
  from: string,
  to: string,
  { flags = 0x02, packets = 1, bytes = 44, ...more }: Given = {},
): ExportedFlow {
  const [sourceIp = "", sourcePort = "0"] = from.split(":");
  const [destinationIp = "", destinationPort = "0"] = to.split(":");
  return {
    sourceIp,
    destinationIp,
    sourcePort: Number(sourcePort),
    destinationPort: Number(destinationPort),
    protocol: 6,
    forward: { packets, bytes, tcpFlags: flags },
    reverse: undefined,
    opener: undefined,
    startUs: -21 * SECOND,
    endUs: -20 * SECOND,
    exportUs: 0,
    sourceMac: undefined,
    destinationMac: undefined,
    vlan: 0,
    icmpType: undefined,
    direction: undefined,
    endReason: 0,
    sampling: 0,
    ...more,
  };
}

const add = (flow: ExportedFlow, sampling = 0): void => pairs.add(flow, ROUTER, sampling, nowUs);
const wait = (seconds: number): void => {
  nowUs += seconds * SECOND;
  pairs.advance(nowUs);
};
const told = (): SensorEvent<"flow">[] => pairs.takeEvents() as SensorEvent<"flow">[];
const said = (): string[] =>
  told().map(
    ({ data, flow }) => `${data.phase} ${flow.clientIp}:${flow.clientPort} ${flow.serverIp}:${flow.serverPort}`,
  );

/** Shows that this exporter tells both directions. */
function earnTrust(): void {
  for (let i = 0; i < 10; i++) {
    add(record(`192.168.1.9:${50_000 + i}`, "203.0.113.1:443", { flags: 0x1b }));
    add(record("203.0.113.1:443", `192.168.1.9:${50_000 + i}`, { flags: 0x1b, startUs: -20.9 * SECOND }));
  }
  told();
}

beforeEach(() => {
  nowUs = NOW;
  pairs = fresh();
});

describe("two directions", () => {
  it.each([false, true])("become one flow, whichever comes first (%s)", (isAnswerFirst) => {
    const both = [
      record("192.168.1.20:40000", "203.0.113.7:8443", {
        flags: 0x1b,
        packets: 10,
        bytes: 1000,
        sourceMac: "b8:27:eb:00:00:20",
      }),
      record("203.0.113.7:8443", "192.168.1.20:40000", {
        flags: 0x1b,
        packets: 8,
        bytes: 9000,
        startUs: -20.9 * SECOND,
        sourceMac: "aa:aa:aa:00:00:01",
      }),
    ];
    for (const one of isAnswerFirst ? both.reverse() : both) add(one);
    const [start, established, end] = told();
    expect(start!.flow).toMatchObject({
      clientIp: "192.168.1.20",
      serverIp: "203.0.113.7",
      serverPort: 8443,
      clientMac: "b8:27:eb:00:00:20",
    });
    expect(start!.flow.serverMac, "the provider's router is no device").toBeUndefined();
    expect(start!.atUs).toBe(NOW - 21 * SECOND);
    expect([start!.data.phase, established!.data.phase, end!.data.phase]).toEqual(["start", "established", "end"]);
    expect(established!.atUs, "no clock between a try and its outcome").toBe(start!.atUs);
    expect(start!.data.tcpFlagsToServer).toBe(0x02);
    expect(end!.data).toMatchObject({
      packetsToServer: 10,
      packetsToClient: 8,
      bytesToClient: 9000 + 8 * 14,
      payloadToClient: 9000 - 8 * 60,
    });
    expect(pairs.size).toBe(0);
  });

  it("a refusal is one, and the asker is known by its flags though both began in the same millisecond", () => {
    add(record("203.0.113.7:22", "192.168.1.20:40000", { flags: 0x14 }));
    add(record("192.168.1.20:40000", "203.0.113.7:22"));
    expect(said().map((line) => line.split(" ")[0])).toEqual(["start", "refused", "end"]);
  });

  it("that come after the flow was told are left out", () => {
    earnTrust();
    add(record("192.168.1.20:40000", "203.0.113.7:80"));
    wait(31);
    told();
    add(record("203.0.113.7:80", "192.168.1.20:40000", { flags: 0x12, startUs: -50.9 * SECOND, endUs: -39 * SECOND }));
    wait(60);
    expect(said()).toEqual([]);
    expect(pairs.late).toBe(1);
  });

  it("a packet that is counted on its way in and on its way out is one", () => {
    const one = record("192.168.1.20:40000", "203.0.113.7:80", { flags: 0x1b, packets: 5, direction: 0 });
    add(one);
    add({ ...one, direction: 1 });
    add(record("203.0.113.7:80", "192.168.1.20:40000", { flags: 0x1b, startUs: -20.9 * SECOND }));
    expect(told().at(-1)!.data.packetsToServer).toBe(5);
  });
});

describe("one direction", () => {
  it("is waited for, and proves nothing until the exporter has shown that it tells both", () => {
    add(record("192.168.1.20:40000", "203.0.113.7:80"));
    expect(said()).toEqual([]);
    wait(31);
    const [start] = told();
    expect(start!.flow.unseen).toMatchObject({ answers: true });
  });

  it("then it is a try that nobody answered", () => {
    earnTrust();
    add(record("192.168.1.20:40000", "203.0.113.7:80"));
    wait(31);
    const events = told();
    expect(events.map(({ data }) => data.phase)).toEqual(["start", "end"]);
    expect(events[0]!.flow.unseen).not.toHaveProperty("answers");
    expect(events[1]!.data).toMatchObject({ packetsToClient: 0 });
  });

  it("with an acknowledgement was answered, and an exporter that has many of them is told of", () => {
    for (let i = 0; i < 60; i++) add(record(`192.168.1.20:${40_000 + i}`, "203.0.113.7:443", { flags: 0x1b }));
    wait(31);
    expect(said().filter((line) => line.startsWith("established"))).toHaveLength(60);
    expect(pairs.complaint(ROUTER)).toMatch(/^192\.168\.1\.1 tells only one direction/);
    expect(pairs.complaint(ROUTER)).toBeUndefined();
    add(record("192.168.1.20:39999", "203.0.113.7:80"));
    wait(31);
    expect(told()[0]!.flow.unseen).toMatchObject({ answers: true });
  });

  it("of an exporter that looks at some packets only proves nothing", () => {
    earnTrust();
    add(record("192.168.1.20:40000", "203.0.113.7:80"), 100);
    wait(31);
    const events = told();
    expect(events[0]!.flow.unseen).toMatchObject({ answers: true });
    expect(events.at(-1)!.data.packetsToServer).toBe(100);
  });

  it("of UDP from a service's port is an answer whose question was not told", () => {
    earnTrust();
    add(record("203.0.113.7:53", "192.168.1.20:40000", { protocol: 17, flags: 0 }));
    wait(31);
    expect(said()[0]).toBe("start 192.168.1.20:40000 203.0.113.7:53");
  });

  it("of an ICMP error proves nothing, of an echo it does", () => {
    earnTrust();
    add(record("192.168.1.1:0", "192.168.1.20:769", { protocol: 1, flags: 0 }));
    add(record("192.168.1.20:0", "192.168.1.99:2048", { protocol: 1, flags: 0 }));
    wait(31);
    const starts = told().filter(({ data }) => data.phase === "start");
    expect(starts.map(({ flow }) => flow.unseen?.answers)).toEqual([true, undefined]);
  });
});

describe("records that hold both directions (RFC 5103)", () => {
  it("need no waiting", () => {
    const reverse = { packets: 3, bytes: 400, tcpFlags: undefined };
    for (let i = 0; i < 9; i++) add(record(`192.168.1.20:${40_000 + i}`, "203.0.113.7:443", { reverse, flags: 0x1b }));
    expect(said().filter((line) => line.startsWith("established"))).toHaveLength(9);
    add(record("192.168.1.20:39999", "203.0.113.7:80", { reverse: { packets: 0, bytes: 0, tcpFlags: undefined } }));
    const events = told();
    expect(events.map(({ data }) => data.phase)).toEqual(["start", "end"]);
    expect(events[0]!.flow.unseen).not.toHaveProperty("answers");
  });

  it("say who began", () => {
    const reverse = { packets: 3, bytes: 400, tcpFlags: 0x1b };
    add(record("192.168.1.20:51413", "203.0.113.7:37777", { reverse, flags: 0x1b, opener: "destination" }));
    const [start] = told();
    expect(start!.flow.clientIp).toBe("203.0.113.7");
    expect(start!.flow.unseen).not.toHaveProperty("opener");
  });
});

describe("a refusal whose question comes half a minute later", () => {
  it("is one flow, opened by who asked", () => {
    earnTrust();
    add(
      record("192.168.1.5:8080", "192.168.1.20:40000", { flags: 0x14, endUs: -0.5 * SECOND, startUs: -0.5 * SECOND }),
    );
    wait(20);
    add(record("192.168.1.20:40000", "192.168.1.5:8080", { startUs: -20.6 * SECOND, endUs: -20.6 * SECOND }));
    expect(said().map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "start 192.168.1.20:40000",
      "refused 192.168.1.20:40000",
      "end 192.168.1.20:40000",
    ]);
  });

  it("that never comes is no try of the one who refused", () => {
    earnTrust();
    add(record("192.168.1.5:8080", "192.168.1.20:40000", { flags: 0x14 }));
    wait(31);
    expect(told()[0]!.flow.clientIp).toBe("192.168.1.20");
  });
});

describe("long flows", () => {
  it("are told in pieces and are one flow all the same", () => {
    const step = (seconds: number, flags: number): void => {
      const at = { startUs: -seconds * SECOND, endUs: -SECOND };
      add(
        record("192.168.1.20:40000", "203.0.113.7:4444", { ...at, flags, packets: 100, bytes: 10_000, endReason: 2 }),
      );
      add(
        record("203.0.113.7:4444", "192.168.1.20:40000", {
          ...at,
          startUs: (0.1 - seconds) * SECOND,
          flags,
          packets: 100,
          bytes: 10_000,
          endReason: 2,
        }),
      );
    };
    step(1800, 0x1a);
    nowUs += 1800 * SECOND;
    step(1800, 0x18);
    expect(pairs.size).toBe(1);
    wait(2401);
    const events = told();
    expect(events.map(({ data }) => data.phase)).toEqual(["start", "established", "update", "update", "end"]);
    expect(new Set(events.map(({ flow }) => flow.id)).size).toBe(1);
    const { data, flow } = events.at(-1)!;
    expect(data).toMatchObject({ packetsToServer: 200, packetsToClient: 200 });
    expect((data.lastUs - flow.startUs) / SECOND).toBeCloseTo(3599);
    expect(pairs.size).toBe(0);
  });
});

describe("who began", () => {
  it("is not known of two high ports that began at once", () => {
    add(record("192.168.1.20:51413", "203.0.113.7:37777", { flags: 0x1b }));
    add(record("203.0.113.7:37777", "192.168.1.20:51413", { flags: 0x1b }));
    expect(told()[0]!.flow.unseen).toMatchObject({ opener: true });
  });

  it("a service's port tells it", () => {
    add(record("192.168.1.20:8123", "203.0.113.7:50000", { flags: 0x1b }));
    add(record("203.0.113.7:50000", "192.168.1.20:8123", { flags: 0x1b }));
    expect(said()[0]).toBe("start 203.0.113.7:50000 192.168.1.20:8123");
  });
});

describe("a wrong clock and a flood", () => {
  it("times that cannot be are taken for now; none lies ahead", () => {
    add(record("192.168.1.20:40000", "203.0.113.7:80", { startUs: -900_000 * SECOND, endUs: 5 * SECOND }));
    wait(31);
    for (const { atUs } of told()) expect(atUs).toBe(NOW);
  });

  it("hold no more than their place", () => {
    for (let i = 0; i < 40_000; i++)
      add(record(`192.168.${i >> 8}.${i & 255}:1`, "203.0.113.7:80", { endReason: 2, flags: 0x1a }));
    expect(pairs.size).toBeLessThanOrEqual(32_768);
    expect(pairs.size + pairs.forced).toBe(40_000);
  });

  it("any records in any order: one start and at most one end a flow, no throw, times in order", () => {
    const any = fc.record({
      a: fc.nat(3),
      b: fc.nat(3),
      flags: fc.nat(255),
      protocol: fc.constantFrom(1, 6, 17, 58, 47),
      startAgo: fc.nat(100_000),
      endAgo: fc.nat(100_000),
      endReason: fc.nat(5),
      packets: fc.nat(5),
      wait: fc.nat(30),
      hasReverse: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (list) => {
        nowUs = NOW;
        pairs = fresh();
        const open = new Set<number>();
        const check = (): void => {
          for (const { flow, data, atUs } of told()) {
            if (data.phase === "start") {
              expect(open.has(flow.id)).toBe(false);
              open.add(flow.id);
            } else expect(open.has(flow.id)).toBe(true);
            if (data.phase === "end") open.delete(flow.id);
            expect(atUs).toBeLessThanOrEqual(nowUs);
            expect(flow.startUs).toBeLessThanOrEqual(data.lastUs);
          }
        };
        for (const { a, b, flags, protocol, startAgo, endAgo, endReason, packets, wait: pause, hasReverse } of list) {
          const endUs = -Math.min(startAgo, endAgo) * 1000;
          const reverse = hasReverse ? { packets, bytes: packets * 50, tcpFlags: flags } : undefined;
          add(
            record(`192.168.1.${a}:${1000 + a}`, `192.168.1.${b}:${2000 - b}`, {
              flags,
              protocol,
              packets,
              endReason,
              reverse,
              startUs: -Math.max(startAgo, endAgo) * 1000,
              endUs,
            }),
          );
          check();
          wait(pause);
          check();
        }
        pairs.finish();
        check();
      }),
      { numRuns: 300 },
    );
  });
});
