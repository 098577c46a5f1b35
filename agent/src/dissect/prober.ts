import { u8 } from "../core/bytes.ts";
import { PROBE_NO, PROBE_YES, type ProbeCode, type ProbeFlow, type Slice } from "./define.ts";
import type { Dispatch, DispatchTable } from "./dispatch.ts";

/** Nobody knows these octets. */
export const VERDICT_NONE = -1;
/** Somebody cannot tell yet. */
export const VERDICT_WAIT = -2;
/** A stream of which fewer octets are there is not given up: its first message may come in pieces. */
const ENOUGH_OCTETS = 64;

/** Asks dissectors whether octets are theirs: those of the server's port, of the client's port, then by the first octet. */
export class Prober {
  /** Probes that threw. */
  throws = 0;
  /** Of the last question: first dissector that said yes, and first that cannot tell; -1 for none. */
  firstYes = -1;
  firstMore = -1;
  readonly #dispatch: Dispatch;
  /** Number of the question in which a dissector was asked last, so that none is asked twice. */
  readonly #askedIn: Int32Array;
  #question = 0;

  constructor(dispatch: Dispatch) {
    this.#dispatch = dispatch;
    this.#askedIn = new Int32Array(dispatch.dissectors.length);
  }

  /**
   * Index of the dissector that takes the octets, VERDICT_NONE or VERDICT_WAIT. With `isPatient` (a stream from its start) a yes waits while one
   * asked earlier cannot tell, so that the answer does not depend on how the octets were cut into segments.
   */
  ask(table: DispatchTable, flow: ProbeFlow, isPatient: boolean, slice: Slice): number {
    this.#question = (this.#question + 1) | 0;
    this.firstYes = -1;
    this.firstMore = -1;
    const { serverPort, clientPort } = flow;
    if (table.isServicePort(serverPort) && this.#askList(table.byPort(serverPort), flow, isPatient, slice))
      return this.firstYes;
    if (table.isServicePort(clientPort) && this.#askList(table.byPort(clientPort), flow, isPatient, slice))
      return this.firstYes;
    if (this.#askList(table.byFirstOctet(u8(slice.buf, slice.off)), flow, isPatient, slice)) return this.firstYes;
    if (this.firstMore >= 0) return VERDICT_WAIT;
    return isPatient && slice.end - slice.off < ENOUGH_OCTETS ? VERDICT_WAIT : VERDICT_NONE;
  }

  /** True when the question is settled with a yes. */
  #askList(list: readonly number[], flow: ProbeFlow, isPatient: boolean, slice: Slice): boolean {
    const { dissectors } = this.#dispatch;
    const { off, end } = slice;
    for (const index of list) {
      if (this.#askedIn[index] === this.#question) continue;
      this.#askedIn[index] = this.#question;
      let code: ProbeCode = PROBE_NO;
      try {
        code = dissectors[index]?.probe(slice, flow) ?? PROBE_NO;
      } catch {
        this.throws++;
      }
      slice.off = off;
      slice.end = end;
      if (code === PROBE_NO) continue;
      if (code === PROBE_YES) {
        if (this.firstYes < 0) this.firstYes = index;
        if (this.firstMore < 0 || !isPatient) return true;
      } else if (this.firstMore < 0) this.firstMore = index;
    }
    return false;
  }
}
