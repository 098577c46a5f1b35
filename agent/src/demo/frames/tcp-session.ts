import { isIpv6 } from "./address.ts";
import type { CaptureBuilder } from "./capture.ts";
import { ACK, FIN, ipFrame, PROTO_TCP, PSH, RST, SYN, synOptions, tcp } from "./frame.ts";
import { type Data, toOctets } from "./octets.ts";
import { hashText } from "./random.ts";

/** One end as the tap sees it: for a host beyond the router, `mac` is the router's and `ttl` what is left of it. */
export interface Host {
  readonly mac: string;
  readonly ip: string;
  readonly ttl?: number;
}

export type Side = "client" | "server";

export interface SessionSpec {
  readonly client: Host;
  readonly server: Host;
  readonly clientPort: number;
  readonly serverPort: number;
  /** Round trip between the ends, microseconds. Default 1000. */
  readonly rttUs?: number;
  /** Largest payload of a segment, octets. Default 1448 (1428 over IPv6). */
  readonly mss?: number;
  readonly vlan?: readonly number[];
  /** First sequence numbers; by default derived from addresses and ports. */
  readonly clientIsn?: number;
  readonly serverIsn?: number;
}

/** Payload octets that are kept of a bulk frame. */
const BULK_KEPT = 32;

export interface BulkOptions {
  /** Between frames, microseconds. Default 1000. */
  readonly spacingUs?: number;
  /** Payload octets of a frame. Default the MSS; up to 64000 looks like receive offload. */
  readonly frameBytes?: number;
  /** Frames for one acknowledgement. Default 2 (RFC 9293 §3.8.6.3). */
  readonly ackEvery?: number;
  /** First octets of the first frame (a record header), at most 32. */
  readonly head?: Uint8Array;
}

/**
 * A TCP connection (RFC 9293) laid into a capture step by step, each step at its own time: for sessions that last hours beside others.
 * Sequence and acknowledgement numbers are right in every segment; the caller keeps the times rising.
 */
export class TcpSession {
  readonly #builder: CaptureBuilder;
  readonly #spec: SessionSpec;
  readonly #rttUs: number;
  readonly #mss: number;
  #clientSeq: number;
  #serverSeq: number;
  #ipId = 0;

  constructor(builder: CaptureBuilder, spec: SessionSpec) {
    this.#builder = builder;
    this.#spec = spec;
    this.#rttUs = spec.rttUs ?? 1000;
    this.#mss = spec.mss ?? (isIpv6(spec.client.ip) ? 1428 : 1448);
    const label = `${spec.client.ip}:${spec.clientPort}>${spec.server.ip}:${spec.serverPort}`;
    this.#clientSeq = spec.clientIsn ?? hashText(label, 1);
    this.#serverSeq = spec.serverIsn ?? hashText(label, 2);
    this.#ipId = hashText(label, 3) & 0x7fff;
  }

  /** Next sequence number of a side. */
  nextSeq(side: Side): number {
    return side === "client" ? this.#clientSeq : this.#serverSeq;
  }

  /** Three-way handshake. Returns the time of its last segment. */
  open(atUs: number): number {
    this.#segment("client", SYN, atUs);
    this.#segment("server", SYN | ACK, atUs + this.#rttUs);
    const doneUs = atUs + this.#rttUs + 60;
    this.#segment("client", ACK, doneUs);
    return doneUs;
  }

  /** Sends `data` in segments of at most the MSS, 20 µs apart. Returns the time of the last one; nothing is acknowledged yet. */
  send(from: Side, data: Data, atUs: number): number {
    const octets = toOctets(data);
    let atSegmentUs = atUs;
    for (let off = 0; off < octets.length; off += this.#mss) {
      if (off > 0) atSegmentUs += 20;
      const isLast = off + this.#mss >= octets.length;
      this.#segment(from, isLast ? ACK | PSH : ACK, atSegmentUs, octets.subarray(off, off + this.#mss));
    }
    return atSegmentUs;
  }

  /** A bare acknowledgement by `from` of all that the other side has sent. */
  ack(from: Side, atUs: number): number {
    this.#segment(from, ACK, atUs);
    return atUs;
  }

  /** Keep-alive probe and its answer (RFC 9293 §3.8.4): one octet before the next sequence number. */
  keepAlive(from: Side, atUs: number): number {
    this.#emit(from, ACK, atUs, toOctets(""), 0, -1);
    return this.ack(from === "client" ? "server" : "client", atUs + this.#rttUs);
  }

  /**
   * `bytes` of payload in full frames of which only the first octets are kept, as a capture with a short snap length has them: volume without size.
   * Returns the time of the last acknowledgement.
   */
  bulk(from: Side, bytes: number, atUs: number, options: BulkOptions = {}): number {
    const other: Side = from === "client" ? "server" : "client";
    const { spacingUs = 1000, frameBytes = this.#mss, ackEvery = 2, head = EMPTY } = options;
    const delayUs = Math.min(this.#rttUs, Math.max(40, spacingUs - 10));
    let atFrameUs = atUs;
    for (let left = bytes, count = 1; left > 0; left -= frameBytes, count++) {
      const length = Math.min(left, frameBytes);
      const kept = new Uint8Array(Math.min(length, BULK_KEPT)).fill(0x5a);
      if (count === 1) kept.set(head.subarray(0, kept.length));
      this.#emit(from, left > frameBytes ? ACK : ACK | PSH, atFrameUs, kept, length);
      if (count % ackEvery === 0 || left <= frameBytes) this.ack(other, atFrameUs + delayUs);
      if (left > frameBytes) atFrameUs += spacingUs;
    }
    return atFrameUs + delayUs;
  }

  /** Orderly close begun by `from`. Returns the time of the last segment. */
  fin(from: Side, atUs: number): number {
    const other: Side = from === "client" ? "server" : "client";
    this.#segment(from, FIN | ACK, atUs);
    this.#segment(other, FIN | ACK, atUs + this.#rttUs);
    this.#segment(from, ACK, atUs + this.#rttUs + 60);
    return atUs + this.#rttUs + 60;
  }

  rst(from: Side, atUs: number): number {
    this.#segment(from, RST | ACK, atUs);
    return atUs;
  }

  #segment(from: Side, flags: number, atUs: number, payload: Uint8Array = EMPTY): void {
    this.#emit(from, flags, atUs, payload, payload.length);
  }

  #emit(from: Side, flags: number, atUs: number, payload: Uint8Array, length: number, seqShift = 0): void {
    const { client, server, clientPort, serverPort, vlan } = this.#spec;
    const isClient = from === "client";
    const source = isClient ? client : server;
    const target = isClient ? server : client;
    const isSyn = (flags & SYN) !== 0;
    const options = isSyn ? synOptions(isIpv6(client.ip) ? 1440 : 1460) : undefined;
    const seq = isClient ? this.#clientSeq : this.#serverSeq;
    const segment = tcp(
      {
        src: source.ip,
        dst: target.ip,
        srcPort: isClient ? clientPort : serverPort,
        dstPort: isClient ? serverPort : clientPort,
        seq: (seq + seqShift) >>> 0,
        ack: flags & ACK ? (isClient ? this.#serverSeq : this.#clientSeq) : 0,
        flags,
        window: isSyn ? 64_240 : 502,
        payloadLength: length,
        ...(options ? { options } : {}),
      },
      payload,
    );
    const cut = length - payload.length;
    const frame = ipFrame(
      {
        srcMac: source.mac,
        dstMac: target.mac,
        src: source.ip,
        dst: target.ip,
        ttl: source.ttl ?? 64,
        id: (this.#ipId = (this.#ipId % 0xffff) + 1),
        payloadLength: segment.length + cut,
        ...(vlan ? { vlan } : {}),
      },
      PROTO_TCP,
      segment,
    );
    this.#builder.add(atUs, frame, frame.length + cut);
    const advanced = (seq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
    if (isClient) this.#clientSeq = advanced;
    else this.#serverSeq = advanced;
  }
}

const EMPTY = new Uint8Array(0);
