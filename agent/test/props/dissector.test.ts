import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DissectorSpec,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type Slice,
} from "../../src/dissect/define.ts";
import type { FlowRef } from "../../src/dissect/event.ts";
import { dissectors } from "../../src/dissect/registry.gen.ts";
import { type Ends, type Frame, runFrames, START_US, tcpTalk, testEnds, turned, udpTalk } from "./frames.ts";
import { beginnings } from "./samples/signatures.ts";
import { type Message, split } from "./stream-drive.ts";

type AnyDissector = DissectorSpec<string, unknown, unknown>;
const registry = dissectors as unknown as readonly AnyDissector[];

/** Hand-written dialogues, and beginnings over one transport, when the dissector has any. */
async function samplesOf(name: string, transport: "tcp" | "udp"): Promise<readonly Message[][]> {
  const begun = beginnings
    .filter((beginning) => beginning.name === name && beginning.transport === transport)
    .map(({ octets, fromServer }) => [{ toServer: fromServer !== true, octets }]);
  const file = new URL(`./samples/${name}.ts`, import.meta.url);
  if (!existsSync(file)) return begun;
  const module = (await import(file.href)) as { readonly samples?: readonly Message[][] };
  return [...(module.samples ?? []), ...begun];
}

const flow: FlowRef = {
  id: 1,
  proto: "TCP",
  clientIp: "192.0.2.1",
  serverIp: "192.0.2.2",
  clientPort: 40000,
  serverPort: 4000,
  vlan: [],
  startUs: START_US,
};

/** Notes what a dissector says, as text, so that two runs compare. */
class Notes implements Output<unknown> {
  readonly said: string[] = [];
  readonly anomalies = new Set<string>();
  event(data: unknown): void {
    this.said.push(`event ${JSON.stringify(data)}`);
  }
  login(login: unknown): void {
    this.said.push(`login ${JSON.stringify(login)}`);
  }
  anomaly(name: string): void {
    this.anomalies.add(name);
    this.said.push(`anomaly ${name}`);
  }
  skip(octets: number): void {
    this.said.push(`skip ${octets}`);
  }
  become(name: string): void {
    this.said.push(`become ${name}`);
  }
  label(label: unknown): void {
    this.said.push(`label ${JSON.stringify(label)}`);
  }
}

/** One slice through probe and parse, in a buffer whose octets outside are `poison`. */
function parseOnce(spec: AnyDissector, octets: Uint8Array, toServer: boolean, poison: number): Notes {
  const notes = new Notes();
  const buf = new Uint8Array(octets.length + 64).fill(poison);
  buf.set(octets, 32);
  const slice: Slice = { buf, off: 32, end: 32 + octets.length, toServer, atUs: START_US };
  const probe = spec.probe(slice, flow);
  expect([PROBE_NO, PROBE_YES, PROBE_MORE]).toContain(probe);
  expect(slice.off, "probe moves nothing").toBe(32);
  const code = spec.parse(spec.open(flow), slice, notes);
  expect(Number.isSafeInteger(code) && (code >= 0 || code === PARSE_DONE || code === PARSE_BAD), `code ${code}`).toBe(
    true,
  );
  expect(slice.off).toBeGreaterThanOrEqual(32);
  expect(slice.off).toBeLessThanOrEqual(32 + octets.length);
  for (const name of notes.anomalies) expect(spec.anomalies, "declared anomalies").toContain(name);
  notes.said.push(`probe ${probe} code ${code} off ${slice.off}`);
  return notes;
}

/** Octets that are random, or near to a sample: cut, joined, with a few octets changed. */
const octetsNear = (samples: readonly Message[][]): fc.Arbitrary<Uint8Array> => {
  const random = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const known = samples.flat().map((message) => message.octets);
  if (known.length === 0) return random;
  const changed = fc
    .tuple(
      fc.constantFrom(...known),
      fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.nat({ max: 255 })), { maxLength: 4 }),
      fc.nat({ max: 2000 }),
      fc.boolean(),
    )
    .map(([octets, changes, length, isCut]) => {
      const copy = octets.slice(0, isCut ? 1 + length : octets.length);
      for (const [position, value] of changes) if (copy.length > 0) copy[position % copy.length] = value;
      return copy;
    });
  return fc.oneof(random, changed, changed);
};

const endsFor = (spec: AnyDissector): Ends => ({ ...testEnds, dstPort: spec.ports[0] ?? testEnds.dstPort });

/** What a run told of the content, apart from when and in which packet. */
function contentOf(frames: readonly Frame[]): string[] {
  const { sink, sensor } = runFrames(frames);
  const { flows, dissect, reassembly } = sensor.counters;
  expect(dissect.throws).toBe(0);
  expect(dissect.heldOctets + reassembly.heldOctets).toBe(0);
  expect(flows.live).toBe(0);
  return sink.events
    .filter((event) => event.name !== "flow" || event.data.phase === "end")
    .map((event) =>
      event.name === "flow"
        ? `end ${event.data.appProto} ${event.data.hostname} ${event.data.ja4} ${event.data.app}`
        : `${event.name} ${event.toServer} ${JSON.stringify(withoutTimes(event.data))}`,
    );
}

/** Durations follow from the times of the packets, which a split moves. */
const withoutTimes = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data, (key, value) => (/(?:Us|Ms|Seconds|At)$/.test(key) ? undefined : value)));

describe.each(registry.map((spec) => [spec.name, spec] as const))("%s", async (name, spec) => {
  const isStream = spec.transport.includes("tcp");
  const samples = await samplesOf(name, isStream ? "tcp" : "udp");

  it("never throws, stays in its slice, gives codes in range, and does not read outside", () => {
    fc.assert(
      fc.property(octetsNear(samples), fc.boolean(), (octets, toServer) => {
        const first = parseOnce(spec, octets, toServer, 0xee);
        const second = parseOnce(spec, octets, toServer, 0x31);
        expect(second.said).toEqual(first.said);
      }),
      { numRuns: 300 },
    );
  });

  it("survives anything in a row, with its state bounded", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(octetsNear(samples), fc.boolean()), { maxLength: 12 }), (messages) => {
        const state = spec.open(flow);
        const notes = new Notes();
        for (const [octets, toServer] of messages) {
          const slice: Slice = { buf: octets, off: 0, end: octets.length, toServer, atUs: START_US };
          if (octets.length === 0 || spec.parse(state, slice, notes) < 0) break;
          if (spec.gap !== undefined && octets.length % 5 === 0 && spec.gap(state, toServer, 7, notes) < 0) break;
        }
        expect(JSON.stringify(state, plain).length).toBeLessThan(256 * 1024);
      }),
      { numRuns: 100 },
    );
  });

  it.runIf(isStream)("is recognised and says the same however its stream is cut", () => {
    if (samples.length === 0) return;
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
        (messages, cuts) => {
          const ends = endsFor(spec);
          expect(contentOf(tcpTalk(split(messages, cuts), ends))).toEqual(contentOf(tcpTalk(messages, ends)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.runIf(isStream)("says the same when segments come late or twice", () => {
    if (samples.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(fc.nat(5), { maxLength: 8 }), (messages, moves) => {
        const ends = endsFor(spec);
        // Only within one direction's turn: across turns the order of what is said changes with the order of the packets.
        const whole = tcpTalk(split(messages, [7]), ends);
        expect(contentOf(disturb(whole, moves))).toEqual(contentOf(whole));
      }),
      { numRuns: 40 },
    );
  });

  it("survives loss and starts in the middle", () => {
    fc.assert(
      fc.property(
        samples.length === 0 ? fc.constant([] as Message[]) : fc.constantFrom(...samples),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
        (messages, lost) => {
          const ends = endsFor(spec);
          const frames = isStream ? tcpTalk(split(messages, [11]), ends, [3, 5], lost[0]) : udpTalk(messages, ends);
          contentOf(frames.filter((_, i) => lost[i % lost.length] !== true));
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Swaps neighbours of the same direction with payload, and repeats some. */
function disturb(frames: readonly Frame[], moves: readonly number[]): Frame[] {
  const result = [...frames];
  const hasPayload = (frame: Frame | undefined): boolean => frame !== undefined && frame.octets.length > 54;
  for (const move of moves) {
    const i = 3 + ((move * 7919 + result.length) % Math.max(1, result.length - 4));
    const one = result[i];
    const two = result[i + 1];
    if (one === undefined || two === undefined || !hasPayload(one) || !hasPayload(two)) continue;
    if (one.octets[29] !== two.octets[29]) continue;
    if (move % 2 === 0) result.splice(i, 2, two, one);
    else result.splice(i, 0, one);
  }
  return result.map((frame, i) => ({ octets: frame.octets, atUs: START_US + i * 1000 }));
}

/** Typed arrays, maps and sets as what they hold. */
const plain = (_key: string, value: unknown): unknown => {
  if (value instanceof Uint8Array)
    return value.length > 64 ? `${value.length} octets`.padEnd(value.length, ".") : [...value];
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  return typeof value === "bigint" ? value.toString() : value;
};

describe("sensor", () => {
  const addresses = fc.constantFrom("192.0.2.1", "192.0.2.2", "192.0.2.3");
  const message = fc.record({ toServer: fc.boolean(), octets: fc.uint8Array({ minLength: 1, maxLength: 200 }) });
  const talk = fc
    .tuple(addresses, addresses, fc.nat(3), fc.boolean(), fc.boolean(), fc.array(message, { maxLength: 8 }))
    .map(([srcIp, dstIp, port, isTcp, hasHandshake, messages]) => {
      const ends = { srcIp, dstIp, srcPort: 50_000 + port, dstPort: 443 };
      return isTcp ? tcpTalk(messages, ends, [7, 0x7fff_fffe], hasHandshake) : udpTalk(messages, turned(ends));
    });
  const capture = fc.array(talk, { minLength: 1, maxLength: 6 }).map((talks) => talks.flat());

  it("ends every flow once, and counts every packet in one", () => {
    fc.assert(
      fc.property(
        capture,
        fc.array(fc.nat(1000), { maxLength: 20 }),
        fc.constantFrom(4, 100),
        (frames, moves, maxFlows) => {
          const shuffled = [...frames];
          for (const move of moves) {
            const [frame] = shuffled.splice(move % shuffled.length, 1);
            if (frame !== undefined && move % 3 !== 0) shuffled.splice((move * 31) % (shuffled.length + 1), 0, frame);
            if (shuffled.length === 0) return;
          }
          const { sink, sensor } = runFrames(shuffled, { maxFlows });
          const ends = sink.flows("end");
          const starts = sink.flows("start");
          const key = (event: (typeof ends)[number]): string => `${event.flow.id} ${event.flow.startUs}`;
          expect(ends.map(key).sort()).toEqual(starts.map(key).sort());
          const counted = ends.reduce((sum, { data }) => sum + data.packetsToServer + data.packetsToClient, 0);
          const { counters } = sensor;
          expect(counted).toBe(counters.flowPackets);
          expect(counters.flowPackets + counters.flows.refusedPackets).toBe(shuffled.length);
          expect(counters.dissect).toMatchObject({ throws: 0, heldOctets: 0 });
        },
      ),
      { numRuns: 150 },
    );
  });

  it("survives any frame of any link type", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(1, 101, 113, 276, 127, 0)), {
          maxLength: 20,
        }),
        (raw) => {
          const { sensor } = runFrames([]);
          for (const [octets, linkType] of raw) {
            sensor.frame(octets, 0, octets.length, octets.length, linkType, START_US);
            sensor.flush();
          }
          sensor.finish();
          const { counters } = sensor;
          const { refusedPackets } = counters.flows;
          expect(counters.flowPackets + counters.arpPackets + counters.otherPackets + refusedPackets).toBe(raw.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
