import type { EndReason } from "../flow/expiry.ts";
import { Reassembly, type StreamHandler } from "../flow/reassembly.ts";
import { BufferPool } from "./buffer-pool.ts";
import { PARSE_BAD, PARSE_DONE, type ProbeFlow } from "./define.ts";
import type { Dispatch, DispatchTable } from "./dispatch.ts";
import { EngineOutput } from "./engine-output.ts";
import type { EventSink, FlowRef } from "./event.ts";
import { Prober, VERDICT_NONE, VERDICT_WAIT } from "./prober.ts";
import { type Direction, SESSION_OVER, SESSION_PARSING, SESSION_PROBING, Session } from "./session.ts";
import { type EngineCounters, isOver, SessionRunner } from "./session-runner.ts";
import { DEFAULT_BUFFERED, keep, MOST_BUFFERED, release } from "./stream-feed.ts";

/** Packets with payload, and octets of them, after which an unknown flow is looked at no more. */
export const PROBE_PACKETS = 10;
export const PROBE_OCTETS = 4096;
/** A keep-alive of one or two octets begins like dozens of protocols. */
const LEAST_OCTETS = 4;
/** Segments of one direction for which a dissector may say that it cannot tell yet. */
const PROBE_SEGMENTS = 4;
/** Segments of a few octets do not count against these limits until they make up so much, be it one by one: cutting finely must hide nothing. */
const FEW_OCTETS = 1024;
const MOST_SEGMENTS = FEW_OCTETS;
/** Datagrams of a flow given to a dissector that does not ask for every one. */
const FIRST_DATAGRAMS = 10;
/** Octets of unfinished messages kept over all flows. */
const BUFFERED_IN_ALL = 32 * 1024 * 1024;

/**
 * Runs the dissectors: finds the one whose protocol a flow speaks, keeps unfinished messages, and makes events of what it says.
 * Allocates per flow, per unfinished message and per event, never per packet.
 */
export class Engine implements StreamHandler<Session> {
  readonly output: EngineOutput;
  readonly reassembly: Reassembly<Session>;
  readonly #dispatch: Dispatch;
  readonly #prober: Prober;
  readonly #pool = new BufferPool(BUFFERED_IN_ALL);
  readonly #runner: SessionRunner;

  constructor(dispatch: Dispatch, sink: EventSink) {
    this.#dispatch = dispatch;
    this.#prober = new Prober(dispatch);
    this.output = new EngineOutput(sink);
    this.reassembly = new Reassembly(this);
    this.#runner = new SessionRunner(dispatch, this.output, this.#pool, this.reassembly);
  }

  get counters(): Readonly<EngineCounters> {
    return this.#runner.counters;
  }

  /** The direction's state, made when first asked for. */
  direction(session: Session, toServer: boolean): Direction {
    return this.#runner.direction(session, toServer);
  }

  /** Octets of unfinished messages and of segments out of order, held now. */
  get heldOctets(): number {
    return this.#pool.lent + this.reassembly.counters.heldOctets;
  }

  /** Faults of dissectors, in probe and in parse. */
  get throws(): number {
    return this.#runner.counters.throws + this.#prober.throws;
  }

  open(flow: FlowRef, table: DispatchTable, isStream: boolean): Session {
    this.#runner.counters.sessions++;
    return new Session(flow, table, isStream);
  }

  /**
   * Asks about a datagram, or a segment of a connection picked up midway, on behalf of a flow that has no session yet. False when nobody knows it:
   * then there is nothing to remember either.
   */
  isPromising(table: DispatchTable, flow: ProbeFlow, buf: Uint8Array, off: number, end: number): boolean {
    this.#runner.point(true, buf, off, end);
    return this.#prober.ask(table, flow, false, this.#runner.slice) !== VERDICT_NONE;
  }

  /** One datagram, or one ARP or ICMP message. Returns false when no more of the flow is wanted. */
  datagram(session: Session, toServer: boolean, buf: Uint8Array, off: number, end: number): boolean {
    if (isOver(session)) return false;
    this.#runner.point(toServer, buf, off, end);
    if (session.phase === SESSION_PROBING) {
      const verdict = this.#prober.ask(session.table, session, isPatient(session), this.#runner.slice);
      // A datagram is whole: who cannot tell by it has seen nothing of its own.
      if (verdict < 0) {
        return this.#looked(session, end - off);
      }
      this.#runner.adopt(session, verdict);
    }
    if (isOver(session)) return false;
    let code = this.#runner.parse(session, toServer);
    if (this.output.becomeName !== undefined && code !== PARSE_BAD) {
      session.isConfirmed = true;
      this.#runner.become(session);
      if (isOver(session)) return false;
      // What made it hand the flow on is the other's, unless it was consumed.
      if (this.#runner.slice.off === end) return true;
      code = this.#runner.parse(session, toServer);
    }
    if (code === PARSE_BAD) this.#runner.violate(session);
    else session.isConfirmed = true;
    session.looked++;
    if (code === PARSE_DONE || (session.spec?.everyPacket !== true && session.looked >= FIRST_DATAGRAMS))
      this.#runner.finish(session);
    return !isOver(session);
  }

  /** Octets of a stream, in order. */
  octets(session: Session, toServer: boolean, buf: Uint8Array, off: number, end: number): boolean {
    if (session.phase === SESSION_PROBING) this.#probeStream(session, toServer, buf, off, end);
    else if (session.phase === SESSION_PARSING) this.#feed(session, toServer, buf, off, end);
    return !isOver(session);
  }

  /**
   * A segment at `seq` comes next though it does not follow: while nobody has recognised a connection that was picked up midway there is nothing
   * to put in order, each segment may be the start of a message.
   */
  resync(direction: Direction, seq: number): void {
    if (direction.stream.isSynced && direction.stream.next !== seq) release(this.#pool, direction, direction.length);
    direction.stream.isSynced = true;
    direction.stream.next = seq;
  }

  /** Counts a segment of a flow that nobody has recognised yet, whether or not its turn has come; many of them settle the question. */
  countProbe(session: Session): boolean {
    if (++session.segments <= MOST_SEGMENTS + PROBE_PACKETS) return true;
    this.#flush(session);
    if (session.phase === SESSION_PROBING) this.#settle(session);
    return !isOver(session);
  }

  gap(session: Session, toServer: boolean, octets: number): boolean {
    if (isOver(session)) return false;
    const direction = this.#runner.direction(session, toServer);
    if (session.phase === SESSION_PROBING) {
      // What comes behind the hole may be anywhere in a message; the next segments are looked at as of a connection picked up midway.
      release(this.#pool, direction, direction.length);
      session.isMidstream = true;
      return true;
    }
    const skipped = Math.min(direction.skip, octets);
    direction.skip -= skipped;
    if (skipped === octets) return true;
    release(this.#pool, direction, direction.length);
    direction.wanted = 0;
    this.output.begin(session, toServer);
    const code = this.#runner.callGap(session, toServer, octets - skipped);
    direction.skip += this.output.skipOctets;
    if (this.output.becomeName !== undefined) this.#runner.become(session);
    else if (code === PARSE_BAD) this.#runner.violate(session);
    else if (code === PARSE_DONE) this.#runner.finish(session);
    else if (code > 0) direction.wanted = code;
    return !isOver(session);
  }

  conflict(session: Session, toServer: boolean): void {
    this.output.raise(session, "stream", "overlap-conflict", toServer);
  }

  /** The flow ends: hands on what is held, settles what was undecided, lets the dissector close. */
  end(session: Session, reason: EndReason): void {
    this.#flush(session);
    if (session.phase === SESSION_PROBING) this.#settle(session);
    if (session.phase === SESSION_PARSING) this.#runner.close(session, reason);
    this.#runner.finish(session);
  }

  /** Nobody looks at the payload any more though it goes on: what is held is let go, the dissector says its last. */
  giveUp(session: Session): void {
    if (session.phase === SESSION_PROBING) this.#settle(session);
    if (session.phase === SESSION_PARSING) this.#runner.close(session, "forced");
    this.#runner.finish(session);
  }

  #flush(session: Session): void {
    if (session.toServer !== undefined) this.reassembly.flush(session, session.toServer.stream, true);
    if (session.toClient !== undefined) this.reassembly.flush(session, session.toClient.stream, false);
  }

  /** Remembers who cannot tell yet; whoever could not before and now says no is out. A few octets fit too many protocols to say anything. */
  #noteMaybe(session: Session, octets: number): void {
    const { firstMore } = this.#prober;
    session.maybe = firstMore < 0 || octets < LEAST_OCTETS ? undefined : this.#dispatch.dissectors[firstMore];
  }

  /** Counts one look that led to nothing. */
  #looked(session: Session, octets: number): boolean {
    session.looked++;
    session.lookedOctets += octets;
    const limit = isPatient(session) && session.lookedOctets < FEW_OCTETS ? MOST_SEGMENTS : PROBE_PACKETS;
    if (session.looked >= limit || session.lookedOctets >= PROBE_OCTETS) this.#settle(session);
    return session.phase !== SESSION_OVER;
  }

  #probeStream(session: Session, toServer: boolean, buf: Uint8Array, off: number, end: number): void {
    const direction = this.#runner.direction(session, toServer);
    if (direction.isUnknown && !session.isMidstream) {
      keep(this.#pool, direction, buf, off, end, PROBE_OCTETS);
      this.#looked(session, end - off);
      return;
    }
    direction.probes++;
    // A beginning that could not be judged is kept and judged again with what follows.
    const isWhole = direction.length === 0;
    const kept = isWhole ? 0 : keep(this.#pool, direction, buf, off, end, PROBE_OCTETS);
    if (isWhole) this.#runner.point(toServer, buf, off, end);
    else this.#runner.point(toServer, direction.buffer, 0, direction.length);
    const length = this.#runner.slice.end - this.#runner.slice.off;
    let verdict = this.#prober.ask(session.table, session, isPatient(session), this.#runner.slice);
    if (verdict < 0) this.#noteMaybe(session, length);
    if (verdict === VERDICT_WAIT) {
      direction.pending = this.#prober.firstYes;
      const limit = isPatient(session) && length < FEW_OCTETS ? MOST_SEGMENTS : PROBE_SEGMENTS;
      if (direction.probes >= limit || length >= PROBE_OCTETS)
        verdict = direction.pending >= 0 ? direction.pending : VERDICT_NONE;
    }
    if (verdict >= 0) {
      this.#start(session, verdict, !toServer);
      this.#drain(session, toServer);
      this.#feed(session, toServer, buf, off + kept, end);
      return;
    }
    if (verdict === VERDICT_NONE) {
      direction.isUnknown = true;
      direction.pending = -1;
      if (session.isMidstream) release(this.#pool, direction, direction.length);
    }
    if (isWhole && (verdict === VERDICT_WAIT || !session.isMidstream))
      keep(this.#pool, direction, buf, off, end, PROBE_OCTETS);
    const isHopeless = session.toServer?.isUnknown === true && session.toClient?.isUnknown === true;
    if (isHopeless && !session.isMidstream) this.#runner.finish(session);
    else this.#looked(session, end - off);
  }

  /** Probing is over: takes a pending yes, or gives the flow up. */
  #settle(session: Session): void {
    const pending = Math.max(session.toServer?.pending ?? -1, session.toClient?.pending ?? -1);
    if (pending < 0) return void this.#runner.finish(session);
    const first = (session.toServer?.pending ?? -1) >= 0;
    this.#start(session, pending, !first);
    this.#drain(session, first);
  }

  /** The dissector begins: with what the other direction sent before. */
  #start(session: Session, index: number, other: boolean): void {
    this.#runner.adopt(session, index);
    this.#drain(session, other);
  }

  /** Gives the dissector octets [off, end) that are next, after what is kept. */
  #feed(session: Session, toServer: boolean, buf: Uint8Array, off: number, end: number): void {
    const direction = this.#runner.direction(session, toServer);
    let at = off;
    while (at < end && session.phase === SESSION_PARSING) {
      const limit = Math.min(session.spec?.maxBuffered ?? DEFAULT_BUFFERED, MOST_BUFFERED);
      if (direction.skip > 0) {
        const skipped = Math.min(direction.skip, end - at);
        direction.skip -= skipped;
        at += skipped;
      } else if (direction.length === 0 && end - at >= direction.wanted) {
        at = this.#run(session, direction, toServer, buf, at, end);
        if (at < end && session.phase === SESSION_PARSING && direction.skip === 0) {
          if (end - at + direction.wanted > limit + 1 || keep(this.#pool, direction, buf, at, end, limit) < end - at)
            this.#runner.overlong(session);
          return;
        }
      } else {
        const taken = keep(this.#pool, direction, buf, at, end, limit + 1);
        if (taken === 0) return void this.#runner.overlong(session);
        at += taken;
        direction.wanted -= taken;
        if (direction.wanted <= 0) this.#drain(session, toServer);
      }
    }
  }

  /** Gives the dissector what is kept of a direction. */
  #drain(session: Session, toServer: boolean): void {
    const direction = toServer ? session.toServer : session.toClient;
    if (direction === undefined || session.phase !== SESSION_PARSING) return;
    if (direction.length === 0 || direction.wanted > 0) return;
    const consumed = this.#run(session, direction, toServer, direction.buffer, 0, direction.length);
    if (session.phase !== SESSION_PARSING) return;
    release(this.#pool, direction, consumed);
    const limit = Math.min(session.spec?.maxBuffered ?? DEFAULT_BUFFERED, MOST_BUFFERED);
    if (direction.length + direction.wanted > limit + 1) this.#runner.overlong(session);
  }

  /** Parses [off, end) until the dissector waits for more or is through. Returns where the unfinished rest begins. */
  #run(session: Session, direction: Direction, toServer: boolean, buf: Uint8Array, off: number, end: number): number {
    let at = off;
    direction.wanted = 0;
    for (;;) {
      this.#runner.point(toServer, buf, at, end);
      const code = this.#runner.parse(session, toServer);
      const moved = this.#runner.slice.off;
      if (code === PARSE_BAD || moved < at || moved > end) {
        this.#runner.violate(session);
        return end;
      }
      const isSame = moved === at;
      at = moved;
      if (at > off) session.isConfirmed = true;
      if (this.output.becomeName !== undefined) {
        this.#runner.become(session);
        if (session.phase !== SESSION_PARSING || at === end) return at;
        continue;
      }
      session.isConfirmed = true;
      if (code === PARSE_DONE) {
        this.#runner.finish(session);
        return end;
      }
      if (this.output.skipOctets > 0) {
        direction.skip += this.output.skipOctets;
        return end;
      }
      if (code > 0) {
        direction.wanted = code;
        return at;
      }
      // PARSE_MORE says that what was of use is consumed.
      if (isSame || at === end) return end;
    }
  }
}

/** A connection seen from its start: what its first octets mean must not depend on how they were cut. */
const isPatient = (session: Session): boolean => session.isStream && !session.isMidstream;
