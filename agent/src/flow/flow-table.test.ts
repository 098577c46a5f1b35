import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PacketView } from "../decode/packet-view.ts";
import { FlowTable } from "./flow-table.ts";
import { PacketBatch } from "./packet-batch.ts";
import { RECORD_SHIFT, W_PACKETS } from "./record.ts";

interface Key {
  readonly src: number;
  readonly dst: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly version?: number;
  readonly vlan?: number;
}

const viewOf = ({ src, dst, srcPort, dstPort, version = 4, vlan = 0 }: Key): PacketView =>
  Object.assign(new PacketView(), {
    ipVersion: version,
    ipProto: 17,
    src0: src,
    dst0: dst,
    src3: version === 6 ? 5 : 0,
    srcPort,
    dstPort,
    vlan0: vlan,
  });

/** Number of the flow of this key, entered when it is new. */
function flowOf(table: FlowTable, batch: PacketBatch, key: Key): number {
  batch.key(viewOf(key), 0);
  return table.find(batch, 0) || table.insert(batch, 0);
}

describe("FlowTable", () => {
  it("finds a flow from both directions, and tells apart what differs in one field", () => {
    const batch = new PacketBatch(1);
    const table = new FlowTable(100);
    const key: Key = { src: 0x0a000001, dst: -1_062_731_519, srcPort: 40000, dstPort: 53 };
    const turned: Key = { src: key.dst, dst: key.src, srcPort: 53, dstPort: 40000 };
    const flow = flowOf(table, batch, key);
    expect(flowOf(table, batch, turned)).toBe(flow);
    const others: Key[] = [
      { ...key, src: 7 },
      { ...key, srcPort: 53, dstPort: 40000 },
      { ...key, dstPort: 54 },
      { ...key, vlan: 5 },
      { ...key, version: 6 },
    ];
    const flows = new Set([flow, ...others.map((other) => flowOf(table, batch, other))]);
    expect(flows.size).toBe(others.length + 1);
  });

  it("joins both directions of IPv6, whose addresses differ in the last word only", () => {
    const batch = new PacketBatch(1);
    const table = new FlowTable(100);
    const there = viewOf({ src: 1, dst: 1, srcPort: 9, dstPort: 9, version: 6 });
    batch.key(there, 0);
    const flow = table.insert(batch, 0);
    const back = Object.assign(new PacketView(), there, { src3: there.dst3, dst3: there.src3 });
    batch.key(back, 1);
    expect(table.find(batch, 1)).toBe(flow);
    expect(batch.side[0]).not.toBe(batch.side[1]);
  });

  it("behaves as a map does, growing and shrinking", () => {
    const step = fc.tuple(fc.nat(400), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.integer(), (steps, seed) => {
        const batch = new PacketBatch(seed);
        const table = new FlowTable(400);
        const model = new Map<number, number>();
        for (const [n, isRemoval] of steps) {
          const key: Key = { src: n & 7, dst: n >> 3, srcPort: n, dstPort: 1 };
          batch.key(viewOf(key), 0);
          const found = table.find(batch, 0);
          expect(found).toBe(model.get(n) ?? 0);
          if (isRemoval && found !== 0) {
            table.remove(found);
            model.delete(n);
          } else if (!isRemoval && found === 0) {
            const made = table.insert(batch, 0);
            expect([...model.values()]).not.toContain(made);
            expect(table.hot[(made << RECORD_SHIFT) + W_PACKETS]).toBe(0);
            model.set(n, made);
          }
          expect(table.live).toBe(model.size);
        }
      }),
    );
  });

  it("keeps its flows when it grows", () => {
    const batch = new PacketBatch(3);
    const table = new FlowTable(20_000);
    const flows = Array.from({ length: 20_000 }, (_, n) =>
      flowOf(table, batch, { src: n, dst: -n, srcPort: 1, dstPort: 2 }),
    );
    expect(table.isFull).toBe(true);
    for (let n = 0; n < 20_000; n += 97) {
      batch.key(viewOf({ src: n, dst: -n, srcPort: 1, dstPort: 2 }), 0);
      expect(table.find(batch, 0)).toBe(flows[n]);
    }
  });
});
