import { f64At, i32At } from "../core/bytes.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import { D_PAYLOAD, DOUBLE_SHIFT, RECORD_SHIFT, W_PAYLOAD } from "../flow/record.ts";

/** Names, log-ins and commands stand at the beginning of a flow; beyond so much are downloads, films and backups. */
const ELEPHANT_OCTETS = 1_048_576;
/** A home of 150 devices opens some dozens of flows a second; more is a scan or a flood, which is known by headers. */
const LOOKS_PER_SECOND = 500;

/**
 * How far payload is looked at under overload. Step 1 gives up that of flows beyond a mebibyte; step 2 also that of new flows beyond 500 a second,
 * and the `update` events. Counters, and the start and end of flows, are as exact as ever.
 */
export class Detail {
  step: 0 | 1 | 2 = 0;
  /** Flows whose payload was given up because they were large, and new ones whose payload was not looked at. */
  elephantsCut = 0;
  flowsThinned = 0;
  /** New flows of this second whose payload is looked at. */
  #looks = 0;

  newSecond(): void {
    this.#looks = 0;
  }

  /** Whether the payload of one more new flow may be looked at. */
  mayLook(): boolean {
    if (this.step < 2 || ++this.#looks <= LOOKS_PER_SECOND) return true;
    this.flowsThinned++;
    return false;
  }

  /** Whether the flow's payload is to be given up now. */
  cuts(table: FlowTable, flow: number): boolean {
    if (this.step === 0 || payloadOf(table, flow) <= ELEPHANT_OCTETS) return false;
    this.elephantsCut++;
    return true;
  }
}

function payloadOf({ hot, doubles }: FlowTable, flow: number): number {
  const base = (flow << RECORD_SHIFT) + W_PAYLOAD;
  const spilled = (flow << DOUBLE_SHIFT) + D_PAYLOAD;
  const octets = (i32At(hot, base) >>> 0) + (i32At(hot, base + 1) >>> 0);
  return octets + f64At(doubles, spilled) + f64At(doubles, spilled + 1);
}
