import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newCounters } from "./define.ts";
import { PacketRing } from "./packet-ring.ts";
import { FrameRecorder } from "./test-octets.ts";

const BLOCK = 4096;
const KERNEL = 0;
const USER = 1;
/** Where the kernel puts an Ethernet frame behind its header when four octets are reserved for a tag. */
const MAC = 86;
const VLAN_VALID = 0x10;
const TPID_VALID = 0x40;

interface Packet {
  readonly octets: Uint8Array;
  readonly wire?: number;
  readonly seconds?: number;
  readonly nanoseconds?: number;
  readonly status?: number;
  readonly tci?: number;
  readonly tpid?: number;
  readonly mac?: number;
}

/** Writes a block as the kernel does: a description, then packets at multiples of eight. */
function fillBlock(memory: ArrayBuffer, block: number, packets: readonly Packet[]): void {
  const view = new DataView(memory, block * BLOCK, BLOCK);
  const set = (off: number, value: number): void => view.setUint32(off, value, true);
  set(0, 2); // version
  set(8, USER);
  set(12, packets.length);
  set(16, 48);
  let off = 48;
  for (const [i, packet] of packets.entries()) {
    const mac = packet.mac ?? MAC;
    const length = Math.ceil((mac + packet.octets.length) / 8) * 8;
    set(off, i + 1 < packets.length ? length : 0);
    set(off + 4, packet.seconds ?? 1);
    set(off + 8, packet.nanoseconds ?? 0);
    set(off + 12, packet.octets.length);
    set(off + 16, packet.wire ?? packet.octets.length);
    set(off + 20, packet.status ?? USER);
    view.setUint16(off + 24, mac, true);
    set(off + 32, packet.tci ?? 0);
    view.setUint16(off + 36, packet.tpid ?? 0, true);
    new Uint8Array(memory, block * BLOCK + off + mac, packet.octets.length).set(packet.octets);
    off += length;
  }
}

function ringOf(blocks: number, linkType = 1) {
  const memory = new ArrayBuffer(BLOCK * blocks);
  const sink = new FrameRecorder();
  const counters = newCounters();
  return { memory, sink, counters, ring: new PacketRing(memory, BLOCK, linkType, { sink, counters }) };
}

const octets = (length: number, first = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => first + i);
const owner = (memory: ArrayBuffer, block: number): number => new DataView(memory).getUint32(block * BLOCK + 8, true);

describe("packet ring", () => {
  it("delivers what is ready, flushes, and gives the block back", () => {
    const { memory, sink, counters, ring } = ringOf(2);
    fillBlock(memory, 0, [
      { octets: octets(60), wire: 1500, seconds: 1_700_000_000, nanoseconds: 123_456_789 },
      { octets: octets(61, 7) },
    ]);
    expect(ring.walk(4)).toBe(1);
    expect(sink.flushes).toBe(1);
    expect(sink.frames).toEqual([
      { octets: Buffer.from(octets(60)).toString("hex"), wireLength: 1500, linkType: 1, atUs: 1_700_000_000_123_456 },
      { octets: Buffer.from(octets(61, 7)).toString("hex"), wireLength: 61, linkType: 1, atUs: 1_000_000 },
    ]);
    expect(counters.packets).toBe(2);
    expect(owner(memory, 0)).toBe(KERNEL);
    expect(ring.walk(4)).toBe(0);
  });

  it("goes round, no more blocks at a time than asked", () => {
    const { memory, sink, ring } = ringOf(3);
    for (let round = 0; round < 3; round++) {
      for (let block = 0; block < 3; block++) fillBlock(memory, block, [{ octets: octets(14, round * 16 + block) }]);
      expect([ring.walk(2), ring.walk(2), ring.walk(2)]).toEqual([2, 1, 0]);
    }
    expect(sink.frames.map((frame) => Number.parseInt(frame.octets.slice(0, 2), 16))).toEqual([
      0, 1, 2, 16, 17, 18, 32, 33, 34,
    ]);
  });

  it.each([
    ["802.1Q", VLAN_VALID | TPID_VALID, 0x8100, "8100a005"],
    ["802.1ad", VLAN_VALID | TPID_VALID, 0x88a8, "88a8a005"],
    ["a tag whose kind is not told", VLAN_VALID, 0, "8100a005"],
  ])("puts %s back", (_name, status, tpid, tag) => {
    const { memory, sink, ring } = ringOf(1);
    fillBlock(memory, 0, [{ octets: octets(60), status, tpid, tci: 0xa005 }, { octets: octets(60) }]);
    ring.walk(1);
    const plain = Buffer.from(octets(60)).toString("hex");
    expect(sink.frames[0]).toMatchObject({ octets: plain.slice(0, 24) + tag + plain.slice(24), wireLength: 64 });
    expect(sink.frames[1]).toMatchObject({ octets: plain, wireLength: 60 });
  });

  it("leaves frames alone that have no room for a tag, or are no Ethernet", () => {
    const { memory, sink, ring } = ringOf(1);
    fillBlock(memory, 0, [
      { octets: octets(60), status: VLAN_VALID, tci: 5, mac: 70 },
      { octets: octets(8), status: VLAN_VALID, tci: 5 },
    ]);
    ring.walk(1);
    expect(sink.frames.map((frame) => frame.octets.length / 2)).toEqual([60, 8]);
    const raw = ringOf(1, 101);
    fillBlock(raw.memory, 0, [{ octets: octets(60), status: VLAN_VALID, tci: 5 }]);
    raw.ring.walk(1);
    expect(raw.sink.frames[0]).toMatchObject({ wireLength: 60, linkType: 101 });
  });

  const broken: [name: string, off: number, value: number][] = [
    ["a first packet inside the description", 16, 40],
    ["a first packet outside the block", 16, BLOCK],
    ["a first packet between the steps", 16, 49],
    ["a frame that begins inside its header", 48 + 24, 40],
    ["a frame that ends outside the block", 48 + 12, BLOCK],
    ["a frame longer than memory", 48 + 12, 0xffff_ffff],
    ["a next packet inside this one", 48, 8],
    ["a next packet far away", 48, 0xffff_fff8],
  ];
  it.each(broken)("counts %s as damage and goes on with the next block", (_name, off, value) => {
    const { memory, sink, counters, ring } = ringOf(2);
    fillBlock(memory, 0, [{ octets: octets(60) }, { octets: octets(60) }]);
    fillBlock(memory, 1, [{ octets: octets(14, 0xa0) }]);
    new DataView(memory).setUint32(off, value, true);
    expect(ring.walk(4)).toBe(2);
    expect(counters.invalid).toBe(1);
    expect(sink.frames.at(-1)?.octets.slice(0, 2)).toBe("a0");
    expect(owner(memory, 0)).toBe(KERNEL);
  });

  it("never leads outside of its block, whatever stands in it", () => {
    const words = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: BLOCK / 4 - 1 }),
        fc.constantFrom(0, 1, 8, 16, 48, 56, 68, 86, 96, 4096, 0x7fff_fff8, -8, -1),
      ),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: BLOCK, maxLength: BLOCK }),
        words,
        fc.integer({ min: 0, max: 200 }),
        (noise, changes, count) => {
          const { memory, ring, counters, sink } = ringOf(2);
          new Uint8Array(memory).set(noise);
          fillBlock(memory, 0, [{ octets: octets(60) }, { octets: octets(60) }]);
          const view = new Int32Array(memory);
          for (const [word, value] of changes) view[word] = value;
          view[2] = USER;
          view[3] = count;
          view[BLOCK / 4 + 2] = KERNEL;
          const seen = sink.frame.bind(sink);
          sink.frame = (buf, off, end, wire, link, atUs) => {
            expect(off).toBeGreaterThanOrEqual(48);
            expect(end).toBeGreaterThanOrEqual(off);
            expect(end).toBeLessThanOrEqual(BLOCK);
            seen(buf, off, end, wire, link, atUs);
          };
          expect(ring.walk(2)).toBe(1);
          expect(counters.packets).toBeLessThanOrEqual(BLOCK / 68);
        },
      ),
    );
  });
});
