import { describe, expect, it } from "vitest";
import { encodePcap, PcapWriter } from "./pcap-writer.ts";
import { hex, join, parsePieces } from "./test-octets.ts";

const FRAME = hex("ffffffffffff 020000000001 0806");

describe("PcapWriter", () => {
  it("writes the 24 and 16 octets of the format, little-endian", () => {
    const file = encodePcap([{ octets: FRAME, atUs: 1_700_000_000_123_456, wireLength: 60 }]);
    expect(Buffer.from(file).toString("hex")).toBe(
      [
        "d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000", // magic, version 2.4, zone, sigfigs, snap 262144, Ethernet
        "00f15365 40e20100 0e000000 3c000000", // 1700000000 s, 123456 µs, 14 captured, 60 on the wire
        "ffffffffffff 020000000001 0806",
      ]
        .join("")
        .replaceAll(" ", ""),
    );
  });

  it("writes what the parser reads", () => {
    const frames = [0, 1, 60, 1514, 65_535].map((length, i) => ({
      octets: new Uint8Array(length).fill(i),
      atUs: 1_000_000 * i + 999_999,
      wireLength: length + i,
    }));
    const { frames: read, counters } = parsePieces([encodePcap(frames, 113)]);
    expect(read).toEqual(
      frames.map(({ octets, atUs, wireLength }) => ({
        octets: Buffer.from(octets).toString("hex"),
        wireLength,
        linkType: 113,
        atUs,
      })),
    );
    expect(counters.truncated).toBe(false);
  });

  it("makes a valid file without frames", () => {
    expect(encodePcap([]).length).toBe(24);
    expect(parsePieces([encodePcap([])]).counters).toEqual({
      packets: 0,
      kernelDrops: 0,
      invalid: 0,
      truncated: false,
    });
  });

  it("cuts to the snap length, keeps to its room and leaves out other link types", () => {
    const parts: Uint8Array[] = [];
    const writer = new PcapWriter((octets) => parts.push(octets.slice()), { snapLength: 10, maxBytes: 24 + 2 * 26 });
    writer.frame(FRAME, 0, 14, 14, 1, 5);
    writer.frame(FRAME, 0, 14, 14, 113, 6);
    writer.frame(FRAME, 4, 14, 14, 1, 7);
    writer.frame(FRAME, 0, 14, 14, 1, 8);
    writer.flush();
    writer.flush();
    const { frames } = parsePieces([join(...parts)]);
    expect(frames.map(({ octets, atUs }) => [octets, atUs])).toEqual([
      ["ffffffffffff02000000", 5],
      ["ffff0200000000010806", 7],
    ]);
    expect([writer.packets, writer.skipped, writer.bytes]).toEqual([2, 2, 76]);
  });

  it("hands on every 64 KiB, so that long captures need no memory", () => {
    let calls = 0;
    let bytes = 0;
    const writer = new PcapWriter((octets) => {
      calls++;
      bytes += octets.length;
    });
    const frame = new Uint8Array(1500);
    for (let i = 0; i < 1000; i++) writer.frame(frame, 0, 1500, 1500, 1, i);
    writer.flush();
    expect(bytes).toBe(24 + 1000 * 1516);
    expect(calls).toBeGreaterThan(20);
  });
});
