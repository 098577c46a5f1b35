import { describe, expect, it } from "vitest";
import { hex, join, OctetWriter, parsePieces } from "./test-octets.ts";

const FRAME = hex("ffffffffffff 020000000001 0806 0001");
const OTHER = hex("020000000001 020000000002 0800 45");

describe.each([
  ["little-endian", true],
  ["big-endian", false],
] as const)("pcap, %s", (_name, little) => {
  const w = new OctetWriter(little);

  it("delivers frames with microseconds, wire length and link type", () => {
    const { frames, counters, warnings } = parsePieces([
      join(w.pcapHeader(), w.pcapRecord(1_700_000_000, 123_456, FRAME), w.pcapRecord(1_700_000_001, 0, OTHER, 1514)),
    ]);
    expect(frames).toEqual([
      { octets: Buffer.from(FRAME).toString("hex"), wireLength: 16, linkType: 1, atUs: 1_700_000_000_123_456 },
      { octets: Buffer.from(OTHER).toString("hex"), wireLength: 1514, linkType: 1, atUs: 1_700_000_001_000_000 },
    ]);
    expect(counters).toEqual({ packets: 2, kernelDrops: 0, invalid: 0, truncated: false });
    expect(warnings).toEqual([]);
  });

  it("rounds nanoseconds down", () => {
    const stream = join(
      w.pcapHeader({ magic: 0xa1b23c4d }),
      w.pcapRecord(5, 1999, FRAME),
      w.pcapRecord(5, 2000, FRAME),
    );
    expect(parsePieces([stream]).frames.map((frame) => frame.atUs)).toEqual([5_000_001, 5_000_002]);
  });

  it("reads the FRITZ!Box's modified format with 24 octets before each frame", () => {
    // interface index 3, protocol 0x0800, packet type 0, padding
    const extra = join(w.u32(3), w.u16(0x0800), hex("00 00"));
    const stream = join(
      w.pcapHeader({ magic: 0xa1b2cd34 }),
      w.pcapRecord(7, 1, FRAME, 60, extra),
      w.pcapRecord(7, 2, OTHER, 61, extra),
    );
    const { frames, counters } = parsePieces([stream]);
    expect(frames.map(({ wireLength, atUs }) => [wireLength, atUs])).toEqual([
      [60, 7_000_001],
      [61, 7_000_002],
    ]);
    expect(frames[1]?.octets).toBe(Buffer.from(OTHER).toString("hex"));
    expect(counters.truncated).toBe(false);
  });

  it("masks the frame check sequence out of the link type and unifies raw IP", () => {
    const types = [0x1400_0001, 12, 14, 101, 113, 276];
    const seen = types.map((linkType) => parsePieces([join(w.pcapHeader({ linkType }), w.pcapRecord(0, 0, FRAME))]));
    expect(seen.map(({ frames }) => frames[0]?.linkType)).toEqual([1, 101, 101, 101, 113, 276]);
  });

  it("takes the lengths the other way round before version 2.3, and in 2.3 when they make no sense", () => {
    const record = (captured: number, wire: number): Uint8Array =>
      join(w.u32(1), w.u32(0), w.u32(captured), w.u32(wire), FRAME);
    for (const [minor, captured, wire] of [
      [0, 99, 16],
      [3, 99, 16],
      [3, 16, 99],
      [4, 16, 99],
    ] as const) {
      const { frames, counters } = parsePieces([join(w.pcapHeader({ minor }), record(captured, wire))]);
      expect(frames.map(({ octets, wireLength }) => [octets.length / 2, wireLength])).toEqual([[16, 99]]);
      expect(counters.truncated).toBe(false);
    }
  });
});

describe("damaged pcap", () => {
  const w = new OctetWriter(true);

  it("stops at a length that no frame has, names the offset and keeps what was read", () => {
    const bad = join(w.u32(0), w.u32(0), w.u32(262_145), w.u32(262_145), FRAME);
    const { frames, counters, warnings, parser } = parsePieces([
      join(w.pcapHeader(), w.pcapRecord(1, 0, FRAME), bad, w.pcapRecord(2, 0, FRAME)),
    ]);
    expect(frames).toHaveLength(1);
    expect(counters).toEqual({ packets: 1, kernelDrops: 0, invalid: 1, truncated: true });
    expect(parser.stopped).toBe(true);
    // 24 octets of file header and one record of 16 + 16
    expect(warnings).toEqual([
      "the capture is damaged at offset 56: a record claims 262145 octets, more than a frame can have (262144); 1 packet read before it",
    ]);
  });

  it("takes a frame of the greatest length, wherever the stream is cut", () => {
    const frame = new Uint8Array(262_144).fill(0xab);
    const stream = join(w.pcapHeader(), w.pcapRecord(1, 0, frame), w.pcapRecord(2, 0, FRAME));
    const pieces = Array.from({ length: Math.ceil(stream.length / 60_000) }, (_, i) =>
      stream.subarray(i * 60_000, (i + 1) * 60_000),
    );
    const { frames } = parsePieces(pieces);
    expect(frames.map(({ octets }) => octets.length / 2)).toEqual([262_144, 16]);
    expect(frames[0]?.octets).toBe("ab".repeat(262_144));
  });

  it("says where a cut file ends and how much is missing", () => {
    const stream = join(w.pcapHeader(), w.pcapRecord(1, 0, FRAME), w.pcapRecord(2, 0, FRAME)).subarray(0, 24 + 32 + 20);
    const { frames, counters, warnings } = parsePieces([stream]);
    expect(frames).toHaveLength(1);
    expect(counters).toEqual({ packets: 1, kernelDrops: 0, invalid: 0, truncated: true });
    expect(warnings).toEqual([
      "the capture ends inside a record at offset 56 (at least 12 octets are missing); 1 packet read before it",
    ]);
  });

  it("refuses a version that is not 2", () => {
    const { counters, warnings } = parsePieces([w.pcapHeader({ major: 3 })]);
    expect(counters.truncated).toBe(true);
    expect(warnings[0]).toContain("pcap version 3.4 is not known");
  });
});
