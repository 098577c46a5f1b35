import {
  type DissectorSpec,
  type FlowLabel,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PROBE_MORE,
  PROBE_YES,
  type Slice,
} from "./define.ts";
import type { FlowRef, LoginEvent } from "./event.ts";

/** Octets of one direction that wait for more: a packet of MQTT with a long topic or will. */
const MAX_KEPT = 16_384;
const NO_OCTETS = new Uint8Array(0);

class NestedSide {
  kept: Uint8Array = NO_OCTETS;
  length = 0;
  wanted = 0;
  skip = 0;
}

/** What a nested dissector says; named so that the outer one can tell it on. */
export interface NestedOutput<Event> {
  nested(data: Event): void;
  login(login: LoginEvent): void;
  label(label: FlowLabel): void;
}

/**
 * Runs a dissector over a stream that lies in the messages of another protocol, as the engine runs one over TCP: asks it first, keeps unfinished
 * messages, honours skips. Anomalies and hand-overs of the inner one are not passed on: it ends.
 */
export class NestedStream<Event, State> implements Output<Event> {
  isOver = false;
  /** The inner dissector took it for its own. */
  isKnown = false;
  private readonly spec: DissectorSpec<string, Event, State>;
  private readonly state: State;
  private readonly toServer = new NestedSide();
  private readonly toClient = new NestedSide();
  private readonly slice: Slice = { buf: NO_OCTETS, off: 0, end: 0, toServer: true, atUs: 0 };
  private side: NestedSide = this.toServer;
  private out: NestedOutput<Event> | undefined;

  constructor(spec: DissectorSpec<string, Event, State>, flow: FlowRef) {
    this.spec = spec;
    this.state = spec.open(flow);
  }

  /** Takes octets that are next in a direction. */
  feed(toServer: boolean, buf: Uint8Array, off: number, end: number, atUs: number, out: NestedOutput<Event>): void {
    const side = toServer ? this.toServer : this.toClient;
    const skipped = Math.min(side.skip, end - off);
    side.skip -= skipped;
    const from = off + skipped;
    if (this.isOver || from === end) return;
    this.side = side;
    this.out = out;
    this.slice.toServer = toServer;
    this.slice.atUs = atUs;
    if (side.length === 0 && end - from >= side.wanted) this.run(buf, from, end);
    else if (this.keep(buf, from, end) && end - from >= side.wanted) this.run(side.kept, 0, side.length);
    else side.wanted -= end - from;
    this.out = undefined;
  }

  /** Octets of a direction that nobody saw. What is in the middle of something to be passed over stays in step. */
  lose(toServer: boolean, octets: number): void {
    const side = toServer ? this.toServer : this.toClient;
    if (side.skip >= octets) side.skip -= octets;
    else this.isOver = true;
  }

  /** The flow ended. */
  close(out: NestedOutput<Event>): void {
    if (this.isOver || !this.isKnown) return;
    this.isOver = true;
    this.out = out;
    this.spec.close?.(this.state, "closed", this);
    this.out = undefined;
  }

  event(data: Event): void {
    this.out?.nested(data);
  }

  login(login: LoginEvent): void {
    this.out?.login(login);
  }

  label(label: FlowLabel): void {
    this.out?.label(label);
  }

  skip(octets: number): void {
    this.side.skip += octets;
  }

  anomaly(): void {
    // An oddness of what lies inside says nothing of the carrier.
  }

  become(): void {
    this.isOver = true;
  }

  private run(buf: Uint8Array, off: number, end: number): void {
    const { slice, side } = this;
    slice.buf = buf;
    slice.off = off;
    slice.end = end;
    side.wanted = 0;
    if (!this.isKnown && !this.ask(buf, off, end)) return;
    const code = this.spec.parse(this.state, slice, this);
    if (code === PARSE_DONE || code === PARSE_BAD) this.isOver = true;
    const rest = this.isOver || code <= 0 ? end : slice.off;
    if (code > 0) side.wanted = code;
    this.putBack(buf, rest, end);
  }

  /** True when it is the dissector's; more octets may be needed to tell. */
  private ask(buf: Uint8Array, off: number, end: number): boolean {
    const verdict = this.spec.probe(this.slice, NO_PORTS);
    this.isKnown = verdict === PROBE_YES;
    if (verdict === PROBE_MORE) {
      this.side.wanted = 1;
      this.putBack(buf, off, end);
    } else if (!this.isKnown) this.isOver = true;
    return this.isKnown;
  }

  /** Keeps [off, end), which may lie in what is kept already. */
  private putBack(buf: Uint8Array, off: number, end: number): void {
    const { side } = this;
    if (buf === side.kept) side.kept.copyWithin(0, off, end);
    else side.length = 0;
    side.length = buf === side.kept ? end - off : 0;
    if (buf !== side.kept) this.keep(buf, off, end);
    if (side.length === 0) side.kept = NO_OCTETS;
  }

  private keep(buf: Uint8Array, off: number, end: number): boolean {
    const { side } = this;
    const length = side.length + end - off;
    if (length > MAX_KEPT) {
      this.isOver = true;
      return false;
    }
    if (length > side.kept.length) {
      const larger = new Uint8Array(Math.min(MAX_KEPT, 2 * length));
      larger.set(side.kept.subarray(0, side.length));
      side.kept = larger;
    }
    side.kept.set(buf.subarray(off, end), side.length);
    side.length = length;
    return true;
  }
}

/** Inside of another protocol no port says anything. */
const NO_PORTS = { clientPort: 0, serverPort: 0 };
