import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Hits } from "./hits.ts";
import { WORK_FLOOR, WORK_PER_OCTET } from "./layout.ts";
import { openPrefilters, type PrefilterSet } from "./open.ts";
import type { Pattern } from "./pattern.ts";
import type { Prefilter } from "./prefilter.ts";
import { buildTables, type PrefilterTables } from "./tables.ts";

const WINDOW = 4096;
/** From 5 octets, from 3, of 2, of 1. */
const MAX_PASSES = 4;
const SCANS = 2000;
const ENGINES = ["wasm", "typescript"] as const;
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const pattern = (id: number, text: string, rest: Partial<Pattern> = {}): Pattern => ({
  id,
  octets: ascii(text),
  ...rest,
});

function open(tables: PrefilterTables, engine: Prefilter["engine"]): PrefilterSet & { one: Prefilter } {
  const set = openPrefilters([tables], { windowOctets: WINDOW, engine });
  expect(set.engine).toBe(engine);
  return { ...set, one: set.prefilters[0]! };
}

/** Whole numbers below what is asked for, always the same. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

const found = (hits: Hits): [number, number][] =>
  Array.from({ length: hits.count }, (_, i) => [hits.pairs[i * 2]!, hits.pairs[i * 2 + 1]!]);

/** Scans in both engines, with octets of its own and with octets in the window, and gives what all of them found. */
function scan(patterns: readonly Pattern[], buf: Uint8Array, off = 0, end = buf.length, capacity = patterns.length) {
  const tables = buildTables(patterns, { seed: 7 });
  const results = ENGINES.flatMap((engine) => {
    const { one, window } = open(tables, engine);
    window.fill(0x41);
    window.set(buf, WINDOW - buf.length);
    return [
      [buf, off, end],
      [window, WINDOW - buf.length + off, WINDOW - buf.length + end],
    ].map(([octets, from, to]) => {
      const hits = new Hits(capacity);
      const isWhole = one.scan(octets as Uint8Array, from as number, to as number, hits);
      const shift = (from as number) - off;
      return { isWhole, work: hits.work, hits: found(hits).map(([id, at]): [number, number] => [id, at - shift]) };
    });
  });
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0]!;
}

const lower = (octet: number): number => (octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet);

/** Where the pattern first stands, compared octet by octet; -1 if nowhere. */
function search({ octets, nocase, offset = 0, depth }: Pattern, buf: Uint8Array, off: number, end: number): number {
  const same = (a: number, b: number): boolean => (nocase ? lower(a) === lower(b) : a === b);
  const stop = depth === undefined ? end : Math.min(end, off + offset + depth);
  for (let start = off + offset; start + octets.length <= stop; start++)
    if (octets.every((octet, i) => same(octet, buf[start + i]!))) return start;
  return -1;
}

const searchAll = (patterns: readonly Pattern[], buf: Uint8Array, off = 0, end = buf.length): [number, number][] =>
  patterns
    .map((one): [number, number] => [one.id, search(one, buf, off, end)])
    .filter(([, at]) => at >= 0)
    .sort(byId);
const byId = (a: [number, number], b: [number, number]): number => a[0] - b[0];

/** Few octets, so that patterns meet: letters of both cases, what is a letter but for one bit, and others. */
const octet = fc.constantFrom(0x41, 0x61, 0x42, 0x62, 0x40, 0x60, 0x5b, 0x7b, 0x00, 0x20, 0xff, 0xdf);
const octets = (minLength: number, maxLength: number) =>
  fc.array(octet, { minLength, maxLength }).map((list) => Uint8Array.from(list));
const wantedPattern = fc.record(
  {
    octets: fc.oneof(octets(1, 4), octets(5, 10), octets(3, 40)),
    nocase: fc.boolean(),
    offset: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(20)),
    more: fc.option(fc.nat(30)),
  },
  { requiredKeys: ["octets", "nocase", "offset", "more"] },
);
const case_ = fc
  .record({
    list: fc.array(wantedPattern, { minLength: 1, maxLength: 12 }),
    prefix: octets(0, 9),
    noise: octets(0, 300),
    places: fc.array(fc.record({ which: fc.nat(11), at: fc.nat(300), flip: fc.boolean() }), { maxLength: 8 }),
    cut: fc.record({ off: fc.nat(40), short: fc.nat(40) }),
  })
  .map(({ list, prefix, noise, places, cut }) => {
    const patterns = list.map(({ octets, nocase, offset, more }, id): Pattern => {
      const whole = id % 3 === 0 ? Uint8Array.from([...prefix, ...octets]) : octets;
      return {
        id: id * 7 - 20,
        octets: whole,
        nocase,
        offset,
        ...(more === null ? {} : { depth: whole.length + more }),
      };
    });
    const buf = noise.slice();
    for (const { which, at, flip } of places)
      for (const [i, value] of (patterns[which % patterns.length]?.octets ?? []).entries())
        if (at + i < buf.length)
          buf[at + i] = flip && lower(value) >= 0x61 && lower(value) <= 0x7a ? value ^ 0x20 : value;
    const off = Math.min(cut.off, buf.length);
    return { patterns, buf, off, end: Math.max(off, buf.length - cut.short) };
  });

describe("prefilter", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test("finds what a search octet by octet finds, in both engines alike", () => {
    let whole = 0;
    let all = 0;
    fc.assert(
      fc.property(case_, ({ patterns, buf, off, end }) => {
        const result = scan(patterns, buf, off, end);
        const expected = searchAll(patterns, buf, off, end);
        all++;
        if (result.isWhole) {
          whole++;
          expect(result.hits.sort(byId)).toEqual(expected);
        } else for (const hit of result.hits) expect(expected).toContainEqual(hit);
      }),
      { numRuns: 400 },
    );
    expect(whole / all).toBeGreaterThan(0.9);
  });

  test("finds one pattern of any length at every offset of a window of any length", () => {
    for (const length of [1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 33, 255]) {
      const one: Pattern = { id: 9, octets: Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 0xff) };
      const sets = ENGINES.map((engine) => open(buildTables([one], { seed: 3 }), engine).one);
      const hits = new Hits(1);
      for (let place = 0; place < 40; place++) {
        for (let rest = 0; rest < 20; rest++) {
          const buf = new Uint8Array(place + length + rest).fill(0xee);
          buf.set(one.octets, place);
          for (const set of sets) {
            expect(set.scan(buf, 0, buf.length, hits)).toBe(true);
            expect(found(hits)).toEqual([[9, place]]);
            set.scan(buf, 0, place + length - 1, hits);
            expect(hits.count).toBe(0);
            set.scan(buf, place + 1, buf.length, hits);
            expect(hits.count).toBe(0);
          }
        }
      }
    }
  });

  test("engines agree in hits and work on many patterns of all lengths, whatever the seed of the hash", () => {
    const next = numbers(5);
    const text = Uint8Array.from({ length: 60_000 }, () => (next(3) === 0 ? next(256) : 97 + next(20)));
    const list = Array.from({ length: 4000 }, (_, id): Pattern => {
      const length = 1 + next(next(4) === 0 ? 60 : 12);
      const from = next(text.length - length);
      return { id, octets: text.slice(from, from + length), nocase: id % 3 === 0 };
    });
    const patterns = [...new Map(list.map((one) => [`${one.nocase} ${one.octets}`, one])).values()];
    const sets = ENGINES.map((engine) => open(buildTables(patterns, { seed: 11 }), engine).one);
    const other = open(buildTables(patterns, { seed: 99 }), "wasm").one;
    const [a, b, c] = [new Hits(4000), new Hits(4000), new Hits(4000)];
    let cut = 0;
    for (let i = 0; i < 400; i++) {
      const off = next(50_000);
      const end = off + next(next(2) === 0 ? 40 : 1500);
      const isWhole = sets[0]!.scan(text, off, end, a);
      expect(sets[1]!.scan(text, off, end, b)).toBe(isWhole);
      expect(found(b)).toEqual(found(a));
      expect(b.work).toBe(a.work);
      if (!isWhole) cut++;
      else if (other.scan(text, off, end, c)) expect(found(c).sort(byId)).toEqual(found(a).sort(byId));
    }
    expect(cut).toBeLessThan(20);
  });

  test("case counts unless a pattern says otherwise, and for letters only", () => {
    const patterns = [
      pattern(1, "[Get_It]"),
      pattern(2, "[gET_iT]", { nocase: true }),
      pattern(3, "{get", { nocase: true }),
    ];
    expect(scan(patterns, ascii("..[GET_IT]..")).hits).toEqual([[2, 2]]);
    expect(scan(patterns, ascii("..[Get_It]..")).hits.sort(byId)).toEqual([
      [1, 2],
      [2, 2],
    ]);
    // What differs from `[`, `_` and `]` in the bit of case only.
    expect(scan(patterns, ascii("..{Get\x7fIt}..")).hits).toEqual([[3, 2]]);
  });

  test("patterns with the same octets are told each by its id", () => {
    const patterns = [pattern(5, "same one"), pattern(6, "same one"), pattern(-7, "SAME ONE", { nocase: true })];
    expect(scan(patterns, ascii("the same one")).hits.sort(byId)).toEqual([
      [-7, 4],
      [5, 4],
      [6, 4],
    ]);
  });

  test("a pattern is told once, where it first stands within its offset and depth", () => {
    const buf = ascii("key=1 key=2 key=3 key=4");
    expect(scan([pattern(1, "key=")], buf).hits).toEqual([[1, 0]]);
    expect(scan([pattern(1, "key=", { offset: 1 })], buf).hits).toEqual([[1, 6]]);
    expect(scan([pattern(1, "key=", { offset: 7, depth: 9 })], buf).hits).toEqual([[1, 12]]);
    expect(scan([pattern(1, "key=", { offset: 7, depth: 8 })], buf).hits).toEqual([]);
    expect(scan([pattern(1, "key=", { offset: 1 })], buf, 6).hits).toEqual([[1, 12]]);
  });

  test("says when there are more hits than fit", () => {
    const patterns = [pattern(1, "first one"), pattern(2, "second one"), pattern(3, "third one")];
    const result = scan(patterns, ascii("first one, second one, third one"), 0, 32, 2);
    expect(result.isWhole).toBe(false);
    expect(result.hits).toHaveLength(2);
    expect(scan(patterns, ascii("first one, second one"), 0, 21, 2).isWhole).toBe(true);
  });

  test("an empty set and an empty window give nothing", () => {
    expect(scan([], ascii("anything"))).toEqual({ isWhole: true, work: 0, hits: [] });
    expect(scan([pattern(1, "a")], ascii("a"), 1, 1)).toEqual({ isWhole: true, work: 0, hits: [] });
  });

  test("octets made to fit as many patterns as possible cost a bounded work, then the scan ends", () => {
    // All of these share all of their words but one, and the payload is made of the shared ones.
    const patterns = Array.from({ length: 3000 }, (_, i) =>
      pattern(i, `AAAAAAAAA${String.fromCharCode(0x80 + (i & 127), 0x80 + (i >> 7))}`),
    );
    const result = scan(patterns, new Uint8Array(1460).fill(0x41));
    expect(result.isWhole).toBe(false);
    // One pass for these; the last entry may pass the limit by what it costs.
    const last = 1 + Math.ceil(255 / 16);
    expect(result.work).toBeLessThanOrEqual(WORK_FLOOR + 1460 * WORK_PER_OCTET + last);
    fc.assert(
      fc.property(fc.array(octets(1, 255), { minLength: 1, maxLength: 40 }), fc.nat(39), (list, which) => {
        const own = list.map((one, id) => ({ id, octets: one }));
        const payload = Uint8Array.from({ length: 1024 }, (_, i) => {
          const source = list[which % list.length]!;
          return source[i % source.length]!;
        });
        expect(scan(own, payload).work).toBeLessThanOrEqual(MAX_PASSES * (WORK_FLOOR + 1024 * WORK_PER_OCTET + last));
      }),
      { numRuns: 50 },
    );
  });

  test("windows larger than the room for copies are scanned all the same", () => {
    const buf = new Uint8Array(200_000);
    buf.set(ascii("needle in hay"), 150_001);
    const { one } = open(buildTables([pattern(4, "needle in hay")]), "wasm");
    const hits = new Hits(1);
    for (let turn = 0; turn < 3; turn++) {
      expect(one.scan(buf, 0, buf.length, hits)).toBe(true);
      expect(found(hits)).toEqual([[4, 150_001]]);
      expect(one.scan(buf, 150_000, 150_100, hits)).toBe(true);
      expect(found(hits)).toEqual([[4, 150_001]]);
    }
  });

  test("several sets share a memory and do not disturb each other", () => {
    const tables = ["alpha beta", "gamma delta"].map((text, id) => buildTables([pattern(id, text)]));
    const { prefilters, window } = openPrefilters(tables, { windowOctets: WINDOW });
    window.set(ascii("alpha beta gamma delta"));
    const hits = new Hits(1);
    const results = prefilters.map((one) => {
      one.scan(window, 0, WINDOW, hits);
      return found(hits);
    });
    expect(results).toEqual([[[0, 0]], [[1, 11]]]);
  });

  test("without WebAssembly, or with one that knows no SIMD, TypeScript does the work", () => {
    const tables = buildTables([pattern(1, "needle in hay")]);
    for (const wasm of [undefined, { validate: () => false }]) {
      vi.stubGlobal("WebAssembly", wasm);
      const { engine, prefilters } = openPrefilters([tables], { windowOctets: 64 });
      expect(engine).toBe("typescript");
      const hits = new Hits(1);
      expect(prefilters[0]?.scan(ascii("a needle in hay"), 0, 15, hits)).toBe(true);
      expect(found(hits)).toEqual([[1, 2]]);
    }
  });

  test("40,000 patterns take less than 64 MiB and are all found", () => {
    const next = numbers(1);
    const patterns = Array.from({ length: 40_000 }, (_, id): Pattern => {
      const octets = Uint8Array.from({ length: 4 + next(40) }, () => 97 + next(26));
      return { id, octets, nocase: id % 2 === 0 };
    });
    const tables = buildTables(patterns);
    const sets = ENGINES.map((engine) => open(tables, engine));
    const wasm = sets[0]!.window.buffer.byteLength;
    expect(tables.block.length).toBeLessThan(32 * 1024 * 1024);
    expect(wasm + tables.block.length).toBeLessThan(64 * 1024 * 1024);
    const hits = new Hits(64);
    for (let i = 0; i < patterns.length; i += 13) {
      const { octets } = patterns[i]!;
      for (const { one } of sets) {
        expect(one.scan(octets, 0, octets.length, hits)).toBe(true);
        expect(found(hits)).toContainEqual([i, 0]);
      }
    }
  });

  test("a scan allocates nothing", () => {
    const tables = buildTables([pattern(1, "needle in hay"), pattern(2, "straw"), pattern(3, "abc")]);
    const buf = new Uint8Array(600).fill(0x61);
    buf.set(ascii("a needle in hay"), 301);
    const hits = new Hits(4);
    for (const engine of ENGINES) {
      const { one } = open(tables, engine);
      const run = (): void => {
        for (let i = 0; i < SCANS; i++) one.scan(buf, i & 63, 600 - (i & 31), hits);
      };
      run();
      run();
      let least = Number.POSITIVE_INFINITY;
      for (let turn = 0; turn < 5; turn++) {
        const before = process.memoryUsage().heapUsed;
        run();
        const grown = process.memoryUsage().heapUsed - before;
        if (grown >= 0) least = Math.min(least, grown);
      }
      expect(least / SCANS, engine).toBeLessThan(4);
    }
  });

  test("patterns beyond the limits are refused by name", () => {
    expect(() => buildTables([pattern(3, "")])).toThrow("pattern 3: 0 octets, not 1 to 255");
    expect(() => buildTables([pattern(3, "x".repeat(256))])).toThrow("pattern 3: 256 octets");
    expect(() => buildTables([pattern(3, "abc", { depth: 2 })])).toThrow(
      "pattern 3: offset 0 and depth 2 do not fit it",
    );
    expect(() => buildTables([pattern(0.5, "abc")])).toThrow("pattern 0.5");
    expect(() => buildTables(new Array(50_001).fill(pattern(1, "abc")))).toThrow("50001 patterns: at most 50000");
  });
});
