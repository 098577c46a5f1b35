import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PacketView } from "../decode/packet-view.ts";
import { FRAGMENT_DROPPED, FRAGMENT_HELD, FRAGMENT_WHOLE, Fragments } from "./fragments.ts";

interface Piece {
  readonly from: number;
  readonly octets: readonly number[];
  readonly more: boolean;
  readonly id?: number;
  readonly atUs?: number;
  readonly wire?: number;
}

/** 20 octets of IPv4 header before the data, as the decoder leaves a fragment. */
function fragment({ from, octets, more, id = 1, atUs = 0, wire = octets.length }: Piece): PacketView {
  const buf = new Uint8Array(20 + octets.length);
  buf[0] = 0x45;
  buf[6] = 0x20;
  buf.set(octets, 20);
  return Object.assign(new PacketView(), {
    buf,
    atUs,
    ipVersion: 4,
    ipProto: 17,
    l3Off: 0,
    l4Off: 20,
    payloadOff: 20,
    payloadEnd: buf.length,
    payloadWireLength: wire,
    wireLength: buf.length + 14,
    isFragment: 1,
    fragmentOffset: from,
    moreFragments: more ? 1 : 0,
    fragmentId: id,
    src0: 1,
    dst0: 2,
  });
}

const run = (length: number, first = 0): number[] => Array.from({ length }, (_, i) => (first + i) & 255);
const payload = (fragments: Fragments): number[] => [...fragments.packet.subarray(20, fragments.length)];

describe("Fragments", () => {
  it("puts fragments together in any order and mends the header", () => {
    const data = run(70);
    const cuts = [0, 8, 24, 64];
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        const fragments = new Fragments(1);
        const codes = order.map((i) =>
          fragments.add(fragment({ from: cuts[i]!, octets: data.slice(cuts[i], cuts[i + 1] ?? 70), more: i < 3 })),
        );
        expect(codes).toEqual([FRAGMENT_HELD, FRAGMENT_HELD, FRAGMENT_HELD, FRAGMENT_WHOLE]);
        expect(payload(fragments)).toEqual(data);
        expect([...fragments.packet.subarray(2, 8)]).toEqual([0, 90, 0, 0, 0, 0]);
        expect(fragments.counters).toMatchObject({ packets: 0, octets: 0, reassembled: 1, overlaps: 0 });
      }),
    );
  });

  it("lets the octets that came first stand, and tells when others differ", () => {
    const fragments = new Fragments(1);
    fragments.add(fragment({ from: 0, octets: run(16), more: true }));
    fragments.add(fragment({ from: 8, octets: run(16, 8), more: true }));
    expect(fragments.oddness).toBeUndefined();
    expect(fragments.add(fragment({ from: 16, octets: run(12, 99), more: false }))).toBe(FRAGMENT_WHOLE);
    expect(fragments.oddness).toBe("fragment-overlap");
    expect(payload(fragments)).toEqual([...run(24), ...run(4, 107)]);
  });

  it("refuses what is too long, misaligned, or cut, and names a tiny first fragment", () => {
    const fragments = new Fragments(1);
    expect(fragments.add(fragment({ from: 65_528, octets: run(16), more: false }))).toBe(FRAGMENT_DROPPED);
    expect(fragments.oddness).toBe("fragment-too-large");
    expect(fragments.add(fragment({ from: 0, octets: run(9), more: true }))).toBe(FRAGMENT_DROPPED);
    expect(fragments.oddness).toBe("fragment-bad-length");
    expect(fragments.add(fragment({ from: 0, octets: run(16), more: true, wire: 800 }))).toBe(FRAGMENT_DROPPED);
    const tiny = Object.assign(fragment({ from: 0, octets: run(8), more: true }), { ipProto: 6 });
    expect(fragments.add(tiny)).toBe(FRAGMENT_HELD);
    expect(fragments.oddness).toBe("fragment-tiny");
  });

  it("gives up after 30 seconds", () => {
    const fragments = new Fragments(1);
    fragments.add(fragment({ from: 0, octets: run(8), more: true }));
    expect(fragments.add(fragment({ from: 8, octets: run(8), more: false, atUs: 31_000_000 }))).toBe(FRAGMENT_HELD);
    expect(fragments.counters).toMatchObject({ timeouts: 1, packets: 1 });
  });

  it("stays within its caps under a flood", () => {
    const fragments = new Fragments(1);
    for (let i = 0; i < 5000; i++) fragments.add(fragment({ from: 8, octets: run(1480), more: true, id: i }));
    expect(fragments.counters.packets).toBeLessThanOrEqual(512);
    expect(fragments.counters.octets).toBeLessThanOrEqual(4 * 1024 * 1024);
    for (let i = 0; i < 5000; i++)
      fragments.add(fragment({ from: 8 + (i % 900) * 16, octets: run(8), more: true, id: 77_777 }));
    expect(fragments.counters.octets).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(fragments.counters.dropped).toBeGreaterThan(0);
  });

  it("never throws and never miscounts, whatever comes", () => {
    const piece = fc.record({
      from: fc.nat(40).map((n) => n * 8),
      octets: fc.uint8Array({ maxLength: 60 }).map((octets) => [...octets]),
      more: fc.boolean(),
      id: fc.nat(2),
      atUs: fc.integer({ min: -40_000_000, max: 40_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const fragments = new Fragments(1);
        for (const one of pieces) {
          const code = fragments.add(fragment(one));
          if (code === FRAGMENT_WHOLE) expect(fragments.length).toBeGreaterThan(20);
          expect(fragments.counters.octets).toBeGreaterThanOrEqual(0);
          if (fragments.counters.packets === 0) expect(fragments.counters.octets).toBe(0);
        }
      }),
    );
  });
});
