import { f64At, i32At } from "../core/bytes.ts";
import type { FlowTable } from "./flow-table.ts";
import { D_BYTES, D_PACKETS, D_PAYLOAD, DOUBLE_SHIFT, RECORD_SHIFT, W_BYTES, W_PACKETS, W_PAYLOAD } from "./record.ts";

/** Adds a side's 32-bit counters to the cold doubles before one of them is full, and begins them anew. */
export function spillCounters({ hot, doubles }: FlowTable, flow: number, side: number): void {
  const base = (flow << RECORD_SHIFT) + side;
  const cold = (flow << DOUBLE_SHIFT) + side;
  doubles[cold + D_PACKETS] = f64At(doubles, cold + D_PACKETS) + i32At(hot, base + W_PACKETS);
  doubles[cold + D_BYTES] = f64At(doubles, cold + D_BYTES) + (i32At(hot, base + W_BYTES) >>> 0);
  doubles[cold + D_PAYLOAD] = f64At(doubles, cold + D_PAYLOAD) + (i32At(hot, base + W_PAYLOAD) >>> 0);
  hot[base + W_PACKETS] = 0;
  hot[base + W_BYTES] = 0;
  hot[base + W_PAYLOAD] = 0;
}
