import { existsSync, readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaptureParser } from "./capture-parser.ts";
import { newCounters } from "./define.ts";
import { cut, hex, join, OctetWriter, parsePieces } from "./test-octets.ts";

const little = new OctetWriter(true);
const big = new OctetWriter(false);

/** Streams with every kind of record, odd lengths and a frame longer than the parser's first buffer. */
function streams(): Record<string, Uint8Array> {
  const frames = [0, 1, 14, 60, 61, 62, 63, 1514, 70_000].map((length) => new Uint8Array(length).map((_, i) => i));
  const extra = hex("00000001 0800 00 00");
  const ng = (w: OctetWriter): Uint8Array =>
    join(
      w.section(),
      w.interface(1, 0, w.option(9, hex("09"))),
      w.interface(113),
      ...frames.map((frame, i) => w.enhancedPacket(i % 2, BigInt(i) * 1_000_000_007n, frame)),
      w.block(0x4242, new Uint8Array(2000)),
      w.obsoletePacket(1, 5n, hex("010203")),
      w.simplePacket(hex("0102030405")),
    );
  return {
    pcap: join(big.pcapHeader(), ...frames.map((frame, i) => big.pcapRecord(i, 999_999, frame))),
    modified: join(
      little.pcapHeader({ magic: 0xa1b2cd34 }),
      ...frames.map((frame, i) => little.pcapRecord(i, 1, frame, frame.length, extra)),
    ),
    pcapng: join(ng(little), ng(big)),
  };
}

describe("any split of a stream", () => {
  it.each(Object.entries(streams()))("gives the same frames (%s)", (_name, stream) => {
    const whole = parsePieces([stream]);
    expect(whole.frames.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (offsets) => {
        const pieces = parsePieces(cut(stream, offsets));
        expect(pieces.frames).toEqual(whole.frames);
        expect(pieces.counters).toEqual(whole.counters);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.entries(streams()))("one octet at a time as well (%s)", (_name, stream) => {
    const pieces = Array.from(stream, (_, i) => stream.subarray(i, i + 1));
    expect(parsePieces(pieces).frames).toEqual(parsePieces([stream]).frames);
  });

  it("flushes once a push, and before it returns", () => {
    const seen: string[] = [];
    const sink = { frame: () => void seen.push("frame"), flush: () => void seen.push("flush") };
    const parser = new CaptureParser(sink, newCounters(), () => undefined);
    const stream = join(little.pcapHeader(), little.pcapRecord(0, 0, hex("0102")));
    parser.push(stream.subarray(0, 41));
    expect(seen).toEqual(["flush"]);
    parser.push(stream.subarray(41));
    expect(seen).toEqual(["flush", "frame", "flush"]);
  });
});

describe("a stream cut anywhere", () => {
  it.each(Object.entries(streams()))("gives the frames before the cut and says so (%s)", (_name, stream) => {
    const whole = parsePieces([stream]);
    fc.assert(
      fc.property(fc.integer({ min: 4, max: stream.length - 1 }), (length) => {
        const { frames, counters, parser } = parsePieces([stream.subarray(0, length)]);
        expect(frames).toEqual(whole.frames.slice(0, frames.length));
        expect(counters.invalid).toBe(0);
        expect(parser.unrecognized).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe("hostile octets", () => {
  const heads = ["", "a1b2c3d4", "d4c3b2a1", "a1b23c4d", "34cdb2a1", "0a0d0d0a0000001c1a2b3c4d00010000"].map(hex);

  it("never throw, and any split of them gives the same", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        (head, tail, offsets) => {
          const stream = join(head, tail);
          const whole = parsePieces([stream]);
          const pieces = parsePieces(cut(stream, offsets));
          expect(pieces.frames).toEqual(whole.frames);
          expect(pieces.counters).toEqual(whole.counters);
          expect(pieces.warnings).toEqual(whole.warnings);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("in the place of any octets of a capture never throw", () => {
    for (const stream of Object.values(streams())) {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
          fc.array(fc.nat(stream.length), { maxLength: 6 }),
          (changes, offsets) => {
            const damaged = stream.slice();
            for (const [place, octet] of changes) damaged[place] = octet;
            const whole = parsePieces([damaged]);
            expect(parsePieces(cut(damaged, offsets)).frames).toEqual(whole.frames);
            expect(whole.warnings.length).toBeLessThanOrEqual(3);
          },
        ),
        { numRuns: 150 },
      );
    }
  });

  it("that are no capture are told apart from damage, with their beginning", () => {
    for (const pieces of [[hex("7b2261223a317d0a00")], [hex("7b22"), hex("61223a317d0a00")], [hex("7b2261")]]) {
      const { parser, warnings, counters } = parsePieces(pieces);
      expect(parser.unrecognized).toBe(true);
      expect(Buffer.from(parser.head).toString("hex").startsWith("7b2261")).toBe(true);
      expect(warnings).toEqual([]);
      expect(counters.packets).toBe(0);
    }
  });
});

interface Manifest {
  readonly cases: readonly {
    readonly file: string;
    readonly packets: number | null;
    readonly expected: { readonly readable_packets?: number; readonly file_error?: boolean };
  }[];
}

describe("captures with a known number of packets", () => {
  const corpus = joinPath(import.meta.dirname, "../../../../shared/corpus");
  const folders = ["malformed", "baseline", "protocols", "threats", "fingerprints", "rules"];

  it.for(folders)("%s: every count agrees", (folder, { skip }) => {
    const path = joinPath(corpus, folder, "manifest.json");
    if (!existsSync(path)) skip(`there is no ${path}`);
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    const wrong: string[] = [];
    for (const { file, packets, expected } of manifest.cases) {
      let frames = 0;
      const counters = newCounters();
      const sink = { frame: () => void frames++, flush: () => undefined };
      const parser = new CaptureParser(sink, counters, () => undefined);
      parser.push(readFileSync(joinPath(corpus, folder, file)));
      parser.end();
      const want = expected.readable_packets ?? packets;
      const isDamaged = counters.truncated || parser.unrecognized;
      if (frames !== want || counters.packets !== want) wrong.push(`${file}: ${frames} frames, expected ${want}`);
      if (expected.file_error === true && !isDamaged) wrong.push(`${file}: its damage went unseen`);
      if (expected.file_error === false && isDamaged) wrong.push(`${file}: called damaged`);
    }
    expect(wrong).toEqual([]);
    expect(manifest.cases.length).toBeGreaterThan(0);
  });
});
