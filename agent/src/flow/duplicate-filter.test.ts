import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeCounters } from "../decode/counters.ts";
import { decodeFrame } from "../decode/frame.ts";
import { PacketView } from "../decode/packet-view.ts";
import { ascii, ethernet, ipv4, ipv6, join, tcp, udp } from "../decode/testing.ts";
import { DuplicateFilter, WINDOW_US } from "./duplicate-filter.ts";

const NOW = 1_700_000_000_000_000;
const view = new PacketView();

/** Delivers frames to a filter; returns whether each was taken for a duplicate. */
function filter(pairs = false) {
  const duplicates = new DuplicateFilter(42, pairs);
  const see = (source: number, frame: Uint8Array, afterUs = 0, linkType = 1): boolean => {
    decodeFrame(view, frame, 0, frame.length, frame.length, linkType, new DecodeCounters());
    view.atUs = NOW + afterUs;
    duplicates.source = source;
    return duplicates.has(view);
  };
  return { duplicates, see };
}

/** A copy with some octets changed. */
const changed = (frame: Uint8Array, at: number, ...octets: number[]): Uint8Array => {
  const copy = new Uint8Array(frame);
  copy.set(octets, at);
  return copy;
};

const PACKET = ipv4(6, tcp(1000, 443, ascii("some payload, long enough to matter")));
const FRAME = ethernet(0x0800, PACKET);
const V6 = ethernet(0x86dd, ipv6(17, udp(5000, 53, ascii("a question"))));

describe("packets of two taps", () => {
  it("are counted once, whichever comes first", () => {
    const { see, duplicates } = filter();
    expect([see(0, FRAME), see(1, FRAME, 300)]).toEqual([false, true]);
    expect([see(1, V6), see(0, V6, -300)]).toEqual([false, true]);
    expect([duplicates.packets, duplicates.octets]).toEqual([2, FRAME.length + V6.length]);
  });

  it.each([
    ["another MAC address", changed(FRAME, 0, 2, 9, 9, 9, 9, 9)],
    ["a VLAN tag", join(FRAME.subarray(0, 12), "8100 0007", FRAME.subarray(12))],
    ["another TTL and IP checksum", changed(changed(FRAME, 22, 63), 24, 0xab, 0xcd)],
    ["another type of service", changed(FRAME, 15, 0xb8)],
    ["padding behind", join(FRAME, "0000000000")],
    ["a mirror's wrapping", ethernet(0x0800, ipv4(47, join("0000 6558", FRAME)))],
  ])("are the same with %s", (_name, frame) => {
    const { see } = filter();
    expect([see(0, FRAME), see(1, frame)]).toEqual([false, true]);
  });

  it("are the same without link layer", () => {
    const { see } = filter();
    expect([see(0, FRAME), see(1, PACKET, 0, 101)]).toEqual([false, true]);
  });

  it.each([
    ["another IP id, as a packet sent again has it", changed(FRAME, 18, 0x12, 0x35)],
    ["another source", changed(FRAME, 29, 9)],
    ["another port", changed(FRAME, 35, 9)],
    ["another sequence number", changed(FRAME, 41, 9)],
    ["another acknowledgment", changed(FRAME, 45, 9)],
    ["another checksum", changed(FRAME, 50, 9)],
    ["another payload", changed(FRAME, 58, 9)],
    ["another length", ethernet(0x0800, ipv4(6, tcp(1000, 443, ascii("some payload, long enough to matter!"))))],
  ])("are others with %s", (_name, frame) => {
    const { see } = filter();
    expect([see(0, FRAME), see(1, frame)]).toEqual([false, false]);
  });

  it("are others beyond the window: a TCP segment that is sent again counts again", () => {
    const { see } = filter();
    expect([
      see(0, FRAME),
      see(1, FRAME, WINDOW_US),
      see(0, FRAME, WINDOW_US + 1),
      see(1, FRAME, WINDOW_US + 2),
    ]).toEqual([false, true, false, true]);
  });

  it("that are repeated count as often as the tap has seen them that saw most", () => {
    const { see } = filter();
    // A flood of equal datagrams through one tap is a flood.
    expect([see(0, V6), see(0, V6), see(0, V6)]).toEqual([false, false, false]);
    expect([see(1, V6), see(1, V6), see(1, V6), see(1, V6)]).toEqual([true, true, true, false]);
    for (let i = 0; i < 100; i++) expect(see(0, ethernet(0x0800, ipv4(17, udp(1, 2, ascii("flood")))), i)).toBe(false);
  });

  it("may be fragments or ARP; what is neither IP nor ARP is let through", () => {
    const { see } = filter();
    const fragment = ethernet(0x0800, ipv4(17, ascii("a later part"), 0x2005));
    const arp = ethernet(0x0806, join("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"));
    const other = ethernet(0x88cc, ascii("lldp"));
    expect([see(0, fragment), see(1, fragment)]).toEqual([false, true]);
    expect([see(0, arp), see(1, arp), see(1, changed(arp, 41, 9))]).toEqual([false, true, false]);
    expect([see(0, other), see(1, other)]).toEqual([false, false]);
  });
});

describe("packets that one tap shows twice", () => {
  it("are left alone unless pairs are asked for", () => {
    const { see } = filter();
    expect([see(0, FRAME), see(0, FRAME)]).toEqual([false, false]);
  });

  it("count once a pair", () => {
    const { see } = filter(true);
    expect(Array.from({ length: 6 }, () => see(0, FRAME))).toEqual([false, true, false, true, false, true]);
    expect([see(0, V6), see(0, V6, 200), see(1, V6, 300), see(1, V6, 400)]).toEqual([false, true, true, true]);
  });
});

describe("any mixture of taps", () => {
  it("delivers each packet as often as the tap that saw most, in any order, and one tap loses nothing", () => {
    const packets = Array.from({ length: 12 }, (_, i) => ethernet(0x0800, ipv4(17, udp(i, 9, ascii("x")))));
    const arrival = fc.record({ packet: fc.nat(11), source: fc.nat(3), afterUs: fc.nat(WINDOW_US / 2) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
        const { see } = filter();
        const counts = packets.map(() => [0, 0, 0, 0]);
        const delivered = packets.map(() => 0);
        for (const { packet, source, afterUs } of arrivals) {
          if (!see(source, packets[packet]!, afterUs)) delivered[packet]!++;
          counts[packet]![source]!++;
        }
        // Above 15 a flood is let through.
        for (const [i, each] of counts.entries()) {
          if (Math.max(...each) <= 15) expect(delivered[i]).toBe(Math.max(...each));
        }
      }),
    );
  });

  it("loses nothing when more packets come than it can remember", () => {
    const { see, duplicates } = filter();
    for (let i = 0; i < 200_000; i++) {
      const frame = changed(FRAME, 38, i >>> 24, i >>> 16, i >>> 8, i);
      if (see(0, frame, i / 10)) throw new Error(`packet ${i} was taken for another one`);
    }
    expect(duplicates.packets).toBe(0);
  });
});
