import type { EndReason } from "../flow/expiry.ts";
import type { Reassembly } from "../flow/reassembly.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { PARSE_BAD, PARSE_DONE, type ParseCode, type Slice } from "./define.ts";
import type { Dispatch } from "./dispatch.ts";
import type { EngineOutput } from "./engine-output.ts";
import { Direction, SESSION_OVER, SESSION_PARSING, type Session } from "./session.ts";
import { release } from "./stream-feed.ts";

/** Hand-overs in one flow (STARTTLS, CONNECT, Upgrade, and one to spare). */
const MOST_CHANGES = 4;
const SPARE_DIRECTIONS = 8192;

/** What the engine counted. All numbers only grow. */
export class EngineCounters {
  /** Flows whose payload was looked at, and those of them that a dissector recognised. */
  sessions = 0;
  recognised = 0;
  /** Faults of dissectors: each ended the dissector for its flow. */
  throws = 0;
  /** Flows that turned out not to be what was probed. */
  violations = 0;
  /** Dissectors that ended because an unfinished message grew too long, or no buffer was left. */
  overlong = 0;
}

/** The life of a session's dissector: begins it, calls it, hands the flow to another, ends it. Here alone a dissector's fault is caught. */
export class SessionRunner {
  readonly counters = new EngineCounters();
  /** What the dissector is called with. */
  readonly slice: Slice = { buf: new Uint8Array(0), off: 0, end: 0, toServer: true, atUs: 0 };
  readonly #dispatch: Dispatch;
  readonly #output: EngineOutput;
  readonly #pool: BufferPool;
  readonly #reassembly: Reassembly<Session>;
  readonly #directions: Direction[] = [];

  constructor(dispatch: Dispatch, output: EngineOutput, pool: BufferPool, reassembly: Reassembly<Session>) {
    this.#dispatch = dispatch;
    this.#output = output;
    this.#pool = pool;
    this.#reassembly = reassembly;
  }

  /** The direction's state, made when first asked for. */
  direction(session: Session, toServer: boolean): Direction {
    const known = toServer ? session.toServer : session.toClient;
    if (known !== undefined) return known;
    const made = this.#directions.pop() ?? new Direction();
    made.reset();
    if (toServer) session.toServer = made;
    else session.toClient = made;
    return made;
  }

  point(toServer: boolean, buf: Uint8Array, off: number, end: number): void {
    const slice = this.slice;
    slice.buf = buf;
    slice.off = off;
    slice.end = end;
    slice.toServer = toServer;
    slice.atUs = this.#output.atUs;
  }

  adopt(session: Session, index: number): void {
    const spec = this.#dispatch.dissectors[index];
    if (spec === undefined) return void this.finish(session);
    session.spec = spec;
    session.phase = SESSION_PARSING;
    session.looked = 0;
    if (session.changes === 0) this.counters.recognised++;
    try {
      session.state = spec.open(session.flow);
    } catch {
      this.counters.throws++;
      this.finish(session);
    }
  }

  parse(session: Session, toServer: boolean): ParseCode {
    this.#output.begin(session, toServer);
    try {
      return session.spec?.parse(session.state, this.slice, this.#output) ?? PARSE_DONE;
    } catch {
      this.counters.throws++;
      this.#output.becomeName = undefined;
      return PARSE_BAD;
    }
  }

  callGap(session: Session, toServer: boolean, octets: number): ParseCode {
    try {
      return session.spec?.gap?.(session.state, toServer, octets, this.#output) ?? PARSE_DONE;
    } catch {
      this.counters.throws++;
      this.#output.becomeName = undefined;
      return PARSE_BAD;
    }
  }

  close(session: Session, reason: EndReason): void {
    this.#output.begin(session, true);
    try {
      session.spec?.close?.(session.state, reason, this.#output);
    } catch {
      this.counters.throws++;
    }
  }

  become(session: Session): void {
    const index = this.#dispatch.indexOf(this.#output.becomeName ?? "");
    this.#output.becomeName = undefined;
    session.changes++;
    if (index < 0 || session.changes > MOST_CHANGES) return void this.finish(session);
    if (session.toServer !== undefined) session.toServer.wanted = 0;
    if (session.toClient !== undefined) session.toClient.wanted = 0;
    this.adopt(session, index);
  }

  violate(session: Session): void {
    this.counters.violations++;
    if (!session.isConfirmed) session.spec = undefined;
    this.finish(session);
  }

  overlong(session: Session): void {
    this.counters.overlong++;
    this.finish(session);
  }

  /** Nobody looks any more: everything but what the flow record says is let go. */
  finish(session: Session): void {
    session.phase = SESSION_OVER;
    session.state = undefined;
    this.#letGo(session.toServer);
    this.#letGo(session.toClient);
    session.toServer = undefined;
    session.toClient = undefined;
  }

  #letGo(direction: Direction | undefined): void {
    if (direction === undefined) return;
    this.#reassembly.drop(direction.stream);
    release(this.#pool, direction, direction.length);
    if (this.#directions.length < SPARE_DIRECTIONS) this.#directions.push(direction);
  }
}

/** The phase changes inside of calls, which the type checker does not see. */
export const isOver = (session: Session): boolean => session.phase === SESSION_OVER;
