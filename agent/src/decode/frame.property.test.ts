import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ipv4ChecksumOk, transportChecksumOk } from "./checksum.ts";
import { DecodeCounters } from "./counters.ts";
import { decodeFrame, decodeIp } from "./frame.ts";
import { PacketView } from "./packet-view.ts";
import { ascii, ethernet, ipv4, ipv6, join, tcp, udp } from "./testing.ts";

const LINK_TYPES = [
  0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 117, 119, 127, 163, 166, 204, 228, 229, 239, 276, 999,
];

const V4 = ipv4(17, udp(5, 6, ascii("hello")));
const V6 = ipv6(0, join("06 00 0104 00000000", tcp(7, 8, ascii("hello"))));
const FRAME = ethernet(0x0800, V4);
const MAC = "020000000a0a";
/** One good frame for each way through the decoder; the generator changes octets in them and cuts them. */
const SEEDS: readonly [number, Uint8Array][] = [
  [1, ethernet(0x0800, ipv4(6, tcp(1, 2, ascii("hello"), "0101080a0000000100000002")))],
  [1, ethernet(0x86dd, V6)],
  [
    1,
    ethernet(0x86dd, ipv6(43, join("2c 02 02 01 00000000", "00".repeat(16), "3a000000cafebabe", "8000000000010001"))),
  ],
  [1, ethernet(0x0806, join("0001 0800 06 04 0001", "00".repeat(20)))],
  [1, ethernet(0x88a8, join("0064 8100 0007 86dd", V6))],
  [1, ethernet(0x8864, join("11 00 0001 0023 0021", V4))],
  [1, ethernet(0x8847, join("00010040 00020140 00000001", FRAME))],
  [1, ethernet(8 + V4.length, join("aaaa03 000000 0800", V4))],
  [1, ethernet(0x0800, ipv4(4, ipv4(41, ipv6(41, V6))))],
  [1, ethernet(0x0800, ipv4(47, join("b000 6558 12340000 00000001 00000002", FRAME)))],
  [1, ethernet(0x0800, ipv4(47, join("1000 88be 00000001 1064 0001 00000000", FRAME)))],
  [1, ethernet(0x0800, ipv4(47, join("1000 22eb 00000001 2064 0001 00000000 0000 0001", "00".repeat(8), FRAME)))],
  [1, ethernet(0x0800, ipv4(47, join("3081 880b 0032 0001 00000001 00000001 ff03 0021", V4)))],
  [1, ethernet(0x0800, ipv4(17, udp(9, 4789, join("08000000 00000a00", FRAME))))],
  [1, ethernet(0x0800, ipv4(17, udp(9, 6081, join("0200 6558 00000a00 0102800100000000", FRAME))))],
  [1, ethernet(0x0800, ipv4(17, udp(9, 3544, join("0001 02 01 aabb cc 0102030405060708 00 0000 1234 3fddc0f5", V6))))],
  [1, ethernet(0x0800, ipv4(17, udp(9, 2152, join("34 ff 0029 00000001 0000 00 85 01 1001 00", V4))))],
  [1, ethernet(0x0800, ipv4(51, join("11 04 0000 00000001 00000002", "aa".repeat(12), udp(5, 6, ascii("hello")))))],
  [1, ethernet(0x0800, ipv4(17, V4, 0x2001))],
  [105, join(`8883 0000 ${MAC} ${MAC} ${MAC} 0000 ${MAC} 8000 00000000 ${MAC} ${MAC} 0029 aaaa03 000000 0800`, V4)],
  [
    127,
    join(
      `00 00 1100 03000000 0102030405060708 30 8801 0000 ${MAC} ${MAC} ${MAC} 0000 0000 0000 aaaa03 000000 0800`,
      V4,
    ),
  ],
  [113, join("0000 0001 0006 020000000a0a 0000 0800", V4)],
  [276, join("86dd 0000 00000002 0001 00 06 020000000a0a 0000", V6)],
  [239, join("02 00 0005 0800 0100 08000100 0500 0a00 00000000 2500 0900", V4)],
];

const change = fc.record({ at: fc.nat(200), octet: fc.nat(255) });
const mutated = fc
  .record({ seed: fc.nat(SEEDS.length - 1), changes: fc.array(change, { maxLength: 4 }), cut: fc.option(fc.nat(200)) })
  .map(({ seed, changes, cut }) => {
    const [linkType, octets] = SEEDS[seed]!;
    const frame = octets.slice(0, cut ?? octets.length);
    for (const { at, octet } of changes) if (at < frame.length) frame[at] = octet;
    return { linkType, frame };
  });
const arbitrary = fc.record({
  linkType: fc.constantFrom(...LINK_TYPES),
  frame: fc.uint8Array({ maxLength: 160 }),
});
const anyFrame = fc.oneof(mutated, arbitrary);
/** Octets on the wire beyond those captured; below 0 the capture file lies. */
const missing = fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 2000 }));

const OFFSETS = ["l3Off", "l4Off", "payloadOff", "payloadEnd"] as const;

/** The view without the buffer, offsets counted from the start of the frame. */
function summary(view: PacketView, off: number) {
  const { buf: _buf, ...fields } = view;
  for (const name of OFFSETS) fields[name] -= off;
  return fields;
}

function decodeAlone(frame: Uint8Array, linkType: number, wireLength: number) {
  const view = new PacketView();
  const counters = new DecodeCounters();
  const code = decodeFrame(view, frame, 0, frame.length, wireLength, linkType, counters);
  return { view, counters, code };
}

describe("any octets", () => {
  test("offsets stay in the frame and in order; the payload on the wire is at least what was captured", () => {
    fc.assert(
      fc.property(anyFrame, missing, ({ linkType, frame }, more) => {
        const wireLength = Math.max(0, frame.length + more);
        const { view, code, counters } = decodeAlone(frame, linkType, wireLength);
        const order = [0, view.l3Off, view.l4Off, view.payloadOff, view.payloadEnd, frame.length];
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(view.payloadWireLength).toBeGreaterThanOrEqual(view.payloadEnd - view.payloadOff);
        expect(view.payloadWireLength).toBeLessThanOrEqual(Math.max(wireLength, frame.length));
        expect(code >= -7 && code <= 1).toBe(true);
        if (view.hasTransport === 1) expect(view.ipVersion).not.toBe(0);
        if (view.isFragment === 1) expect(view.hasTransport).toBe(0);
        expect(view.tunnelDepth).toBeLessThanOrEqual(4);
        expect(counters.invalid + counters.truncated).toBeLessThanOrEqual(1);
        expect(Object.values(view).every((field) => field instanceof Uint8Array || Number.isInteger(field))).toBe(true);
        expect(typeof (ipv4ChecksumOk(view) && transportChecksumOk(view))).toBe("boolean");
      }),
      { numRuns: 20_000 },
    );
  });

  test("neither what surrounds the frame nor the frame before it changes anything", () => {
    const poison = fc.uint8Array({ minLength: 0, maxLength: 64 });
    fc.assert(
      fc.property(anyFrame, anyFrame, poison, poison, missing, (before, { linkType, frame }, head, tail, more) => {
        const wireLength = Math.max(0, frame.length + more);
        const alone = decodeAlone(frame, linkType, wireLength);
        const surrounded = join(head, frame, tail);
        const used = new PacketView();
        decodeFrame(
          used,
          before.frame,
          0,
          before.frame.length,
          before.frame.length,
          before.linkType,
          new DecodeCounters(),
        );
        const end = head.length + frame.length;
        const counters = new DecodeCounters();
        const code = decodeFrame(used, surrounded, head.length, end, wireLength, linkType, counters);
        expect(code).toBe(alone.code);
        expect(summary(used, head.length)).toEqual(summary(alone.view, 0));
        expect(counters).toEqual(alone.counters);
        expect(transportChecksumOk(used)).toBe(transportChecksumOk(alone.view));
      }),
      { numRuns: 10_000 },
    );
  });

  test("decodeIp", () => {
    fc.assert(
      fc.property(anyFrame, fc.uint8Array({ maxLength: 120 }), ({ linkType, frame }, packet) => {
        const { view } = decodeAlone(frame, linkType, frame.length);
        decodeIp(view, packet, 0, packet.length, new DecodeCounters());
        const order = [0, view.l3Off, view.l4Off, view.payloadOff, view.payloadEnd, packet.length];
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});

test("decoding allocates nothing", () => {
  const view = new PacketView();
  const counters = new DecodeCounters();
  const frames = SEEDS.filter(([linkType]) => linkType === 1).map(([, frame]) => frame);
  const run = (packets: number) => {
    for (let i = 0; i < packets; i++) {
      const frame = frames[i % frames.length]!;
      decodeFrame(view, frame, 0, frame.length, frame.length, 1, counters);
    }
  };
  run(200_000);
  // A collection between the two readings can only make the growth smaller, other work of the runner only larger: the least of a few is ours.
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const before = process.memoryUsage().heapUsed;
    run(200_000);
    least = Math.min(least, Math.abs(process.memoryUsage().heapUsed - before));
  }
  expect(least / 200_000).toBeLessThan(1);
});
