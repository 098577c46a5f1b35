import { describe, expect, it } from "vitest";
import {
  ACK,
  asDissectors,
  FIN,
  type Frame,
  ipv4Frame,
  RST,
  runFrames,
  START_US,
  SYN,
  tcpFrame,
  tcpTalk,
  testEnds,
  turned,
  udpDatagram,
  udpFrame,
  udpTalk,
} from "../../test/props/frames.ts";
import { dialogue, hex } from "../../test/props/stream-drive.ts";
import { defineDissector, PARSE_BAD, PARSE_DONE, PARSE_MORE, PROBE_NO, PROBE_YES } from "./define.ts";
import { ntp } from "./protocols/ntp.ts";
import { ssh } from "./protocols/ssh.ts";

const at = (...octets: Uint8Array[]): Frame[] => octets.map((o, i) => ({ octets: o, atUs: START_US + i * 1000 }));
const phases = (result: ReturnType<typeof runFrames>): string[] =>
  result.sink.named("flow").map((event) => event.data.phase);
const noDissectors = { dissectors: [] };

/** Lines of text: an event a line, "tls" hands over, "bad" violates, "bye" ends, "boom" throws, "skip N" skips N octets after the line. */
const lines = defineDissector<{ line: string }, { side: string[] }>()({
  name: "lines",
  label: "Lines",
  category: "Test",
  transport: ["tcp"],
  ports: [4000],
  firstOctets: [],
  anomalies: ["odd"],
  source: "this test",
  probe: ({ buf, off }) => (buf[off]! >= 0x20 && buf[off]! < 0x7f ? PROBE_YES : PROBE_NO),
  open: () => ({ side: [] }),
  parse(_state, slice, out) {
    for (;;) {
      const lf = slice.buf.indexOf(10, slice.off);
      if (lf < 0 || lf >= slice.end) return slice.off < slice.end ? 1 : PARSE_MORE;
      const line = String.fromCharCode(...slice.buf.subarray(slice.off, lf));
      slice.off = lf + 1;
      out.event({ line: (slice.toServer ? "> " : "< ") + line });
      if (line === "bad") return PARSE_BAD;
      if (line === "bye") return PARSE_DONE;
      if (line === "boom") throw new Error("fault");
      if (line === "odd") out.anomaly("odd");
      if (line === "tls") {
        out.become("upper");
        return PARSE_MORE;
      }
      if (line.startsWith("skip ")) {
        const octets = Number(line.slice(5));
        const here = Math.min(octets, slice.end - slice.off);
        slice.off += here;
        if (octets > here) {
          out.skip(octets - here);
          return PARSE_MORE;
        }
      }
    }
  },
  gap(_state, toServer, octets, out) {
    out.event({ line: `${toServer ? ">" : "<"} gap ${octets}` });
    return PARSE_MORE;
  },
});
const upper = defineDissector<{ line: string }, null>()({
  name: "upper",
  label: "Upper",
  category: "Test",
  transport: ["tcp"],
  ports: [],
  firstOctets: [],
  anomalies: [],
  source: "this test",
  probe: () => PROBE_NO,
  open: () => null,
  parse(_state, slice, out) {
    for (; slice.off < slice.end; slice.off++)
      out.event({ line: `${slice.toServer ? ">" : "<"}${String.fromCharCode(slice.buf[slice.off]!)}` });
    return PARSE_MORE;
  },
});
const textSensor = { dissectors: asDissectors(lines, upper) };
const told = (result: ReturnType<typeof runFrames>): string[] =>
  result.sink.events
    .filter((event) => ["lines", "upper"].includes(event.name as string))
    .map((event) => (event.data as unknown as { line: string }).line);

describe("flows", () => {
  it("tells start, established and end of a TCP connection, with both directions counted", () => {
    const result = runFrames(tcpTalk(dialogue("> hello\n", "< world!\n")), noDissectors);
    expect(phases(result)).toEqual(["start", "established", "end"]);
    const end = result.sink.flows("end")[0]!;
    expect(end.flow).toMatchObject({
      proto: "TCP",
      clientIp: "192.0.2.1",
      serverIp: "192.0.2.2",
      clientPort: 40000,
      serverPort: 4000,
      clientMac: "02:00:00:00:00:01",
      serverMac: "02:00:00:00:00:02",
      vlan: [],
      startUs: START_US,
    });
    expect(end.data).toMatchObject({
      packetsToServer: 5,
      packetsToClient: 3,
      bytesToServer: 5 * 54 + 6,
      bytesToClient: 3 * 54 + 7,
      payloadToServer: 6,
      payloadToClient: 7,
      tcpFlagsToServer: SYN | ACK | FIN,
      tcpFlagsToClient: SYN | ACK | FIN,
      reason: "shutdown",
    });
  });

  it("gives the same flow_id for the same seed, another for another", () => {
    const frames = tcpTalk([]);
    const id = (seed: number): number => runFrames(frames, { seed, dissectors: [] }).sink.flows("end")[0]!.flow.id;
    expect(id(1)).toBe(id(1));
    expect(id(1)).not.toBe(id(2));
    expect(Number.isSafeInteger(id(1)) && id(1) > 0).toBe(true);
  });

  it("tells a refused connection", () => {
    const result = runFrames(
      at(tcpFrame(testEnds, SYN, 1, 0), tcpFrame(turned(testEnds), RST | ACK, 0, 2)),
      noDissectors,
    );
    expect(phases(result)).toEqual(["start", "refused", "end"]);
  });

  it("makes a new flow of a SYN after a connection has closed", () => {
    const result = runFrames(
      at(tcpFrame(testEnds, SYN, 1, 0), tcpFrame(turned(testEnds), RST | ACK, 0, 2), tcpFrame(testEnds, SYN, 9, 0)),
      noDissectors,
    );
    expect(phases(result)).toEqual(["start", "refused", "end", "start", "end"]);
    expect(result.sink.flows("end")[0]!.data.reason).toBe("closed");
  });

  it("takes the sender of a SYN-ACK, or of a known service's port to a high port, for the server", () => {
    const client = (octets: Uint8Array): string => runFrames(at(octets)).sink.flows("start")[0]!.flow.clientIp;
    expect(client(tcpFrame(turned(testEnds), SYN | ACK, 1, 1))).toBe("192.0.2.1");
    expect(client(udpFrame({ ...turned(testEnds), srcPort: 123 }, [1]))).toBe("192.0.2.1");
    expect(client(udpFrame({ ...turned(testEnds), srcPort: 123, dstIp: "224.0.1.1" }, [1]))).toBe("192.0.2.2");
  });

  it("marks a flow refused when an ICMP unreachable quotes it", () => {
    const query = udpFrame(testEnds, [1, 2, 3]);
    const error = [3, 3, 0, 0, 0, 0, 0, 0, ...query.subarray(14)];
    const result = runFrames(at(query, ipv4Frame(turned(testEnds), 1, error)), noDissectors);
    const refused = result.sink.flows("refused");
    expect(refused).toHaveLength(1);
    expect(refused[0]!.flow.proto).toBe("UDP");
    expect(result.sink.flows("end").map((event) => event.flow.proto)).toEqual(["UDP", "ICMP"]);
  });

  it("joins echo request and reply, and calls the answer established", () => {
    const echo = (type: number): number[] => [type, 0, 0, 0, 0x12, 0x34, 0, 1];
    const result = runFrames(
      at(ipv4Frame(testEnds, 1, echo(8)), ipv4Frame(turned(testEnds), 1, echo(0))),
      noDissectors,
    );
    expect(phases(result)).toEqual(["start", "established", "end"]);
  });

  it("updates a living flow every ten seconds and ends an idle one", () => {
    const frames: Frame[] = [];
    for (let second = 0; second <= 25; second++)
      frames.push({ octets: udpFrame(testEnds, [1]), atUs: START_US + second * 1_000_000 });
    frames.push({ octets: udpFrame({ ...testEnds, srcPort: 1 }, [1]), atUs: START_US + 60_000_000 });
    const result = runFrames(frames, noDissectors);
    expect(phases(result)).toEqual(["start", "update", "update", "end", "start", "end"]);
    expect(result.sink.flows("end")[0]!.data).toMatchObject({ reason: "timeout", packetsToServer: 26 });
  });

  it("ends an idle flow when only time passes", () => {
    const { sink, sensor } = runFrames([], noDissectors);
    const octets = udpFrame(testEnds, [1]);
    sensor.frame(octets, 0, octets.length, octets.length, 1, START_US);
    sensor.advance(START_US + 29_000_000);
    expect(sink.flows("end")).toHaveLength(0);
    sensor.advance(START_US + 31_000_000);
    expect(sink.flows("end")).toHaveLength(1);
  });

  it("lives with a clock that jumps years ahead and back", () => {
    const year = 31_536_000_000_000;
    const times = [0, 1, Number.NaN, Infinity, -Infinity, 1e300, 5 * year, 5 * year + 1, 2, 3, -year, -year + 1];
    const frames = times.map((t) => ({ octets: udpFrame(testEnds, [1]), atUs: START_US + t }));
    const result = runFrames(frames, noDissectors);
    const ends = result.sink.flows("end");
    expect(ends.reduce((sum, event) => sum + event.data.packetsToServer, 0)).toBe(times.length);
    expect(result.sensor.counters.flows.live).toBe(0);
  });

  it("thins the start events of a flood, but ends every flow", () => {
    const frames = Array.from({ length: 50 }, (_, i) => ({
      octets: udpFrame({ ...testEnds, srcPort: 1000 + i }, []),
      atUs: START_US + i,
    }));
    const result = runFrames(frames, { dissectors: [], startsPerSecond: 20 });
    expect(result.sink.flows("start")).toHaveLength(20);
    expect(result.sink.flows("end")).toHaveLength(50);
    expect(result.sensor.counters.flows.startsThinned).toBe(30);
  });

  it("stays within its cap: evicts the oldest, and opens nothing for stray segments", () => {
    const frames: Frame[] = Array.from({ length: 300 }, (_, i) => ({
      octets: tcpFrame({ ...testEnds, srcPort: 1000 + i }, SYN, 1, 0),
      atUs: START_US + i * 1000,
    }));
    frames.push({ octets: tcpFrame({ ...testEnds, srcPort: 9 }, ACK, 1, 1), atUs: START_US + 400_000 });
    const result = runFrames(frames, { dissectors: [], maxFlows: 100 });
    const { flows } = result.sensor.counters;
    expect(flows).toMatchObject({ created: 300, ended: 300, forced: 200, refusedPackets: 1, emergencies: 1 });
    expect(result.sink.flows("end").filter((event) => event.data.reason === "forced")).toHaveLength(200);
  });

  it("under a flood of SYNs lets these go, not the connections of the home that are idle for a while", () => {
    const frames: Frame[] = [];
    const home = { ...testEnds, dstPort: 443 };
    for (let i = 0; i < 20; i++) {
      const ends = { ...home, srcPort: 100 + i };
      const back = { ...ends, srcIp: ends.dstIp, dstIp: ends.srcIp, srcPort: ends.dstPort, dstPort: ends.srcPort };
      frames.push({ octets: tcpFrame(ends, SYN, 1, 0), atUs: START_US + i });
      frames.push({ octets: tcpFrame(back, SYN | ACK, 1, 2), atUs: START_US + i });
      frames.push({ octets: tcpFrame(ends, ACK, 2, 2), atUs: START_US + i });
    }
    for (let i = 0; i < 4000; i++)
      frames.push({
        octets: tcpFrame({ ...home, srcPort: 1000 + i }, SYN, 1, 0),
        atUs: START_US + 5_000_000 + i * 5000,
      });
    const result = runFrames(frames, { dissectors: [], maxFlows: 500 });
    const forced = result.sink.flows("end").filter((event) => event.data.reason === "forced");
    expect(forced.length).toBeGreaterThan(3000);
    expect(forced.filter((event) => event.flow.clientPort < 1000)).toHaveLength(0);
  });

  it("under a burst of answered flows lets the oldest go, none in the middle of its packets", () => {
    const frames: Frame[] = [];
    for (let i = 0; i < 3000; i++) {
      const ends = { ...testEnds, srcPort: 1000 + i, dstPort: 443 };
      const back = { ...ends, srcIp: ends.dstIp, dstIp: ends.srcIp, srcPort: ends.dstPort, dstPort: ends.srcPort };
      const atUs = START_US + i * 1000;
      frames.push({ octets: tcpFrame(ends, SYN, 1, 0), atUs });
      frames.push({ octets: tcpFrame(back, SYN | ACK, 1, 2), atUs: atUs + 50_000 });
      frames.push({ octets: tcpFrame(ends, ACK, 2, 2), atUs: atUs + 100_000 });
    }
    frames.sort((a, b) => a.atUs - b.atUs);
    const result = runFrames(frames, { dissectors: [], maxFlows: 600 });
    expect(result.sensor.counters.flows).toMatchObject({ created: 3000, refusedPackets: 0 });
    expect(result.sink.flows("end").every(({ data }) => data.packetsToServer === 2)).toBe(true);
  });

  it("leaves out packets with wrong checksums when asked to", () => {
    const good = hex(`
      020000000002 020000000001 0800
      4500 001d 0000 0000 40 11 f6cc c0000201 c0000202   # checksum of the header
      0001 0002 0009 3ad5 41                             # and of the datagram
    `);
    const bad = good.slice();
    bad[bad.length - 1] = 0x42;
    const { counters } = runFrames(at(good, bad), { dissectors: [], verifyChecksums: true }).sensor;
    expect(counters).toMatchObject({ flowPackets: 1, badChecksums: 1 });
  });

  it("guesses by the port only when a connection was picked up midway, with payload that nobody knew", () => {
    const to = { ...testEnds, dstPort: 22 };
    const guess = (...octets: Uint8Array[]): string | undefined =>
      runFrames(at(...octets), { dissectors: asDissectors(ssh) }).sink.flows("end")[0]!.data.confidence;
    expect(guess(tcpFrame(to, ACK, 100, 1, [0xff, 0xff]))).toBe("port");
    expect(guess(tcpFrame(to, ACK, 100, 1))).toBeUndefined();
    expect(guess(tcpFrame(to, SYN, 99, 0), tcpFrame(to, ACK, 100, 1, [0xff, 0xff]))).toBeUndefined();
  });
});

describe("dissection", () => {
  it("runs a datagram dissector over every packet", () => {
    const request = hex(`23 00 06 ec ${"00".repeat(44)}`);
    const result = runFrames(
      udpTalk([
        { toServer: true, octets: request },
        { toServer: false, octets: request },
      ]).map(({ octets, atUs }) => ({ octets, atUs })),
      { dissectors: asDissectors({ ...ntp, ports: [4000] }) },
    );
    expect(result.sink.named("ntp")).toHaveLength(2);
    expect(result.sink.flows("end")[0]!.data).toMatchObject({ appProto: "ntp", proto: "NTP", confidence: "dpi" });
  });

  it("keeps unfinished messages, apart for each direction", () => {
    const result = runFrames(tcpTalk(dialogue("> he", "< wor", "> llo\nyou", "< ld\n", "> !\n")), textSensor);
    expect(told(result)).toEqual(["> hello", "< world", "> you!"]);
    expect(result.sensor.counters.dissect.heldOctets).toBe(0);
  });

  it("puts segments in order, drops what comes twice, wraps the sequence number", () => {
    const frames = tcpTalk(dialogue("< one\n", "< two\n", "< three\n"), testEnds, [1, 0xffff_fffc]);
    const [syn, synAck, ack, one, two, three, ...rest] = frames as [Frame, Frame, Frame, Frame, Frame, Frame];
    const shuffled = [syn, synAck, ack, three, two, three, one, one, two, ...rest];
    const result = runFrames(shuffled, textSensor);
    expect(told(result)).toEqual(["< one", "< two", "< three"]);
    expect(result.sensor.counters.reassembly).toMatchObject({ gaps: 0, heldOctets: 0 });
  });

  it("tells a gap from an end, and goes on behind it", () => {
    const frames = tcpTalk(dialogue("> one\n", "> two\n", "> three\n", "< ok\n"));
    frames.splice(4, 1);
    expect(told(runFrames(frames, textSensor))).toEqual(["> one", "> gap 4", "> three", "< ok"]);
  });

  it("skips octets that have not come yet, even if they never come", () => {
    const body = "x".repeat(1000);
    const frames = tcpTalk(dialogue("> skip 3000\n", `> ${body}`, `> ${body}`, `> ${body}`, "> end\n", "< ok\n"));
    frames.splice(5, 1);
    expect(told(runFrames(frames, textSensor))).toEqual(["> skip 3000", "> end", "< ok"]);
  });

  it("hands both directions over from the next octet on", () => {
    const result = runFrames(tcpTalk(dialogue("> hi\n", "> tls\nab", "< c", "> d")), textSensor);
    expect(told(result)).toEqual(["> hi", "> tls", ">a", ">b", "<c", ">d"]);
    expect(result.sink.flows("end")[0]!.data.appProto).toBe("upper");
  });

  it("ends a dissector at a violation, at its word, or when it throws", () => {
    for (const word of ["bad", "bye", "boom"])
      expect(told(runFrames(tcpTalk(dialogue("> a\n", `> ${word}\nb\n`, "> c\n")), textSensor))).toEqual([
        "> a",
        `> ${word}`,
      ]);
    expect(runFrames(tcpTalk(dialogue("> boom\n")), textSensor).sensor.counters.dissect.throws).toBe(1);
  });

  it("ends a dissector whose message grows beyond its buffer", () => {
    const result = runFrames(
      tcpTalk(dialogue(...Array.from({ length: 20 }, () => `> ${"x".repeat(1400)}`), "> \n")),
      textSensor,
    );
    expect(told(result)).toEqual([]);
    expect(result.sensor.counters.dissect).toMatchObject({ overlong: 1, heldOctets: 0 });
  });

  it("picks up a connection in the middle, unless told not to", () => {
    const frames = tcpTalk(dialogue("> hi\n", "< ho\n"), testEnds, [5, 9], false);
    expect(told(runFrames(frames, textSensor))).toEqual(["> hi", "< ho"]);
    expect(told(runFrames(frames, { ...textSensor, midstream: false }))).toEqual([]);
  });

  it("takes data that comes with the SYN", () => {
    const frames = at(
      tcpFrame(testEnds, SYN, 100, 0, [...Buffer.from("early\n")]),
      tcpFrame(turned(testEnds), SYN | ACK, 500, 107),
      tcpFrame(testEnds, ACK, 107, 501, [...Buffer.from("late\n")]),
    );
    expect(told(runFrames(frames, textSensor))).toEqual(["> early", "> late"]);
  });

  it("caps an anomaly per flow, and tells conflicting overlaps", () => {
    const odd = runFrames(tcpTalk(dialogue(...Array.from({ length: 9 }, () => "> odd\n"))), textSensor);
    expect(odd.sink.named("anomaly").map((event) => event.data.name)).toEqual(Array(3).fill("lines.odd"));
    const frames = at(
      tcpFrame(testEnds, SYN, 0, 0),
      tcpFrame(testEnds, ACK, 1, 1, [...Buffer.from("a\n")]),
      tcpFrame(testEnds, ACK, 5, 1, [...Buffer.from("good\n")]),
      tcpFrame(testEnds, ACK, 3, 1, [...Buffer.from("b\nevil\n")]),
    );
    const result = runFrames(frames, textSensor);
    expect(told(result)).toEqual(["> a", "> b", "> good"]);
    expect(result.sink.named("anomaly").map((event) => event.data.name)).toEqual(["stream.overlap-conflict"]);
  });

  it("puts fragments together for the dissectors", () => {
    const request = hex(`23 00 06 ec ${"00".repeat(44)}`);
    const ends = { ...testEnds, dstPort: 123 };
    const whole = udpDatagram(ends, request);
    const fragment = (from: number, to: number): Uint8Array =>
      ipv4Frame(ends, 17, whole.slice(from, to), { id: 7, offset: from, more: to < whole.length });
    const result = runFrames(at(fragment(24, 40), fragment(40, 56), fragment(0, 24)));
    expect(result.sink.named("ntp")).toHaveLength(1);
    expect(result.sink.flows("end")[0]!.data).toMatchObject({ packetsToServer: 1, bytesToServer: 56 + 3 * 34 });
  });
});
