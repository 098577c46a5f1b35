import { describe, expect, it } from "vitest";
import { pcapngMicros } from "./pcapng.ts";
import { hex, join, OctetWriter, parsePieces } from "./test-octets.ts";

const FRAME = hex("ffffffffffff 020000000001 0806 00");
const TEXT = Buffer.from(FRAME).toString("hex");

describe.each([
  ["little-endian", true],
  ["big-endian", false],
] as const)("pcapng, %s", (_name, little) => {
  const w = new OctetWriter(little);

  it("delivers the frames of every kind of packet block", () => {
    const { frames, counters, warnings } = parsePieces([
      join(
        w.section(),
        w.interface(1, 10),
        w.enhancedPacket(0, 1_700_000_000_000_001n, FRAME, 60),
        w.obsoletePacket(0, 1_700_000_000_000_002n, FRAME),
        w.simplePacket(FRAME.subarray(0, 10), 15),
      ),
    ]);
    expect(frames).toEqual([
      { octets: TEXT, wireLength: 60, linkType: 1, atUs: 1_700_000_000_000_001 },
      { octets: TEXT, wireLength: 15, linkType: 1, atUs: 1_700_000_000_000_002 },
      // a simple block has no time: that of the packet before; the snap length cuts it
      { octets: TEXT.slice(0, 20), wireLength: 15, linkType: 1, atUs: 1_700_000_000_000_002 },
    ]);
    expect(counters).toEqual({ packets: 3, kernelDrops: 0, invalid: 0, truncated: false });
    expect(warnings).toEqual([]);
  });

  it("keeps link type, time unit and offset of each interface", () => {
    const { frames } = parsePieces([
      join(
        w.section(),
        w.interface(1, 0, w.option(9, hex("09"))), // nanoseconds
        w.interface(113, 0, w.option(9, hex("03")), w.option(14, w.i64(1_000n))), // milliseconds, 1000 s later
        w.interface(101, 0, w.option(2, hex("6574 6830")), w.option(9, hex("8a"))), // name, then 2^-10 s
        w.interface(1, 0, w.option(14, w.i64(-5n))), // microseconds, 5 s earlier
        w.enhancedPacket(0, 1_700_000_000_123_456_789n, FRAME),
        w.enhancedPacket(1, 5_250n, FRAME),
        w.enhancedPacket(2, 1_536n, FRAME),
        w.enhancedPacket(3, 7_000_000n, FRAME),
      ),
    ]);
    expect(frames.map(({ linkType, atUs }) => [linkType, atUs])).toEqual([
      [1, 1_700_000_000_123_456],
      [113, 1_005_250_000],
      [101, 1_500_000],
      [1, 2_000_000],
    ]);
  });

  it("skips blocks it does not know, however long", () => {
    const long = new Uint8Array(3_000_000).fill(0x5a);
    const stream = join(
      w.section(),
      w.interface(1),
      w.block(0x0bad, hex("01020304")),
      w.enhancedPacket(0, 1n, FRAME),
      w.block(4, long), // name resolution, longer than any block that is assembled
      w.enhancedPacket(0, 2n, FRAME),
    );
    const pieces = Array.from({ length: Math.ceil(stream.length / 70_001) }, (_, i) =>
      stream.subarray(i * 70_001, (i + 1) * 70_001),
    );
    expect(parsePieces(pieces).frames.map(({ atUs }) => atUs)).toEqual([1, 2]);
  });

  it("adds up the drops that the capture reports per interface", () => {
    // interface 0, time (two words), isb_ifdrop
    const statistics = (id: number, drops: bigint): Uint8Array =>
      w.block(5, w.u32(id), w.u32(0), w.u32(0), w.option(5, w.i64(drops)), w.option(0, hex("")));
    const { counters } = parsePieces([
      join(w.section(), w.interface(1), w.interface(1), statistics(0, 7n), statistics(1, 2n), statistics(0, 10n)),
    ]);
    expect(counters.kernelDrops).toBe(12);
  });

  it("leaves out packets of an interface that was never described, and goes on", () => {
    const { frames, counters, warnings } = parsePieces([
      join(
        w.section(),
        w.simplePacket(FRAME),
        w.interface(1),
        w.enhancedPacket(7, 1n, FRAME),
        w.enhancedPacket(0, 2n, FRAME),
      ),
    ]);
    expect(frames.map(({ atUs }) => atUs)).toEqual([2]);
    expect(counters.invalid).toBe(2);
    expect(warnings).toEqual(["packets of interface 0, which the section does not describe, are left out"]);
  });
});

describe("pcapng sections", () => {
  const little = new OctetWriter(true);
  const big = new OctetWriter(false);

  it("may change the byte order and begin their interfaces anew", () => {
    const { frames, counters } = parsePieces([
      join(
        little.section(),
        little.interface(1),
        little.enhancedPacket(0, 1n, FRAME),
        big.section(),
        big.interface(113),
        big.enhancedPacket(0, 2n, FRAME),
        big.enhancedPacket(1, 3n, FRAME),
      ),
    ]);
    expect(frames.map(({ linkType, atUs }) => [linkType, atUs])).toEqual([
      [1, 1],
      [113, 2],
    ]);
    expect(counters.invalid).toBe(1);
  });
});

describe("damaged pcapng", () => {
  const w = new OctetWriter(true);
  const begin = join(w.section(), w.interface(1), w.enhancedPacket(0, 1n, FRAME));

  it.each([
    ["a length below the least", join(w.u32(6), w.u32(8)), "a block claims 8 octets"],
    [
      "a packet block beyond all measure",
      join(w.u32(6), w.u32(0x7fff_fffc)),
      "a block of type 6 claims 2147483644 octets",
    ],
    ["two lengths that differ", join(w.u32(6), w.u32(32), new Uint8Array(20), w.u32(36)), "length differs"],
    [
      "a frame longer than its block",
      w.block(6, w.u32(0), w.u32(0), w.u32(0), w.u32(17), w.u32(17), new Uint8Array(16)),
      "a packet block claims 17 octets of frame and has room for 16",
    ],
    ["a packet block without its fields", w.block(6, w.u32(0)), "a packet block is cut short"],
    ["an interface without its fields", w.block(1, w.u32(0)), "an interface description is cut short"],
    ["a section without a byte order", w.block(0x0a0d0d0a, w.u32(0x01020304)), "without its byte-order mark"],
    [
      "a section of another version",
      w.block(0x0a0d0d0a, w.u32(0x1a2b3c4d), w.u16(2), w.u16(0), w.i64(-1n)),
      "pcapng version 2.0 is not known",
    ],
  ])("stops at %s", (_name, damage, said) => {
    const { frames, counters, warnings } = parsePieces([
      join(begin, damage, new Uint8Array(12), w.enhancedPacket(0, 2n, FRAME)),
    ]);
    expect(frames).toHaveLength(1);
    expect(counters).toEqual({ packets: 1, kernelDrops: 0, invalid: 1, truncated: true });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`damaged at offset ${begin.length}: `);
    expect(warnings[0]).toContain(said);
  });

  it("keeps forged times within 1970 to 2106", () => {
    const { frames } = parsePieces([
      join(
        w.section(),
        w.interface(1, 0, w.option(14, w.i64(2n ** 62n))),
        w.interface(1, 0, w.option(14, w.i64(-(2n ** 62n)))),
        w.interface(1, 0, w.option(9, hex("00"))),
        w.enhancedPacket(0, 1n, FRAME),
        w.enhancedPacket(1, 1n, FRAME),
        w.enhancedPacket(2, 2n ** 64n - 1n, FRAME),
      ),
    ]);
    const latest = 0xffff_ffff * 1_000_000;
    expect(frames.map(({ atUs }) => atUs)).toEqual([latest, 0, latest]);
  });

  it("does not read options past the block", () => {
    // code 9 claims 200 octets where there are 4
    const lying = w.block(1, w.u16(1), w.u16(0), w.u32(0), w.u16(9), w.u16(200), hex("03000000"));
    const { frames } = parsePieces([join(w.section(), lying, w.enhancedPacket(0, 5n, FRAME))]);
    expect(frames.map(({ atUs }) => atUs)).toEqual([5]);
  });
});

describe("pcapngMicros", () => {
  const micros = (ticks: bigint, resolution: number): number =>
    pcapngMicros(Number(ticks >> 32n), Number(ticks & 0xffff_ffffn), resolution);

  it.each([
    [0, 1_700_000_000n],
    [3, 1_700_000_000_123n],
    [6, 1_700_000_000_123_456n],
    [9, 1_700_000_000_123_456_789n],
    [10, 17_000_000_001_234_567_890n],
  ])("is exact for 10^-%i s, where the ticks pass 2^53 too", (digits, ticks) => {
    const exact = digits <= 6 ? ticks * 10n ** BigInt(6 - digits) : ticks / 10n ** BigInt(digits - 6);
    expect(micros(ticks, digits)).toBe(Number(exact));
  });

  it.each([0, 1, 10, 20, 30, 32, 33])("is exact for 2^-%i s", (bits) => {
    const ticks = (1_700_000_000n << BigInt(bits)) | (bits > 1 ? 1n << BigInt(bits - 1) : 0n);
    expect(micros(ticks, 0x80 | bits)).toBe(Number((ticks * 1_000_000n) >> BigInt(bits)));
  });
});
