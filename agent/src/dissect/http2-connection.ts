import type { Output, Slice } from "./define.ts";
import { type FieldTaker, HpackDecoder } from "./hpack.ts";
import { type BodyKeeper, takeBody } from "./http-bodies.ts";
import { BodyBeginning, MAX_BODY, MAX_FORM } from "./http-body.ts";
import { ResponseHead } from "./http-head.ts";
import { httpEventOf, LoginWatch, labelApplication, mayHoldLogin } from "./http-transaction.ts";
import type { Http2Event } from "./http2-event.ts";
import { grpcCall, Http2Stream, takeAnswerField, takeRequestField } from "./http2-fields.ts";

/** Streams open at a time that are followed: servers allow 100 to 250. */
const MAX_STREAMS = 256;
/** Fields of one block, and octets that they unpack to (a field counts 32 beyond its text, RFC 9113 §6.5.2): beyond these they are passed over. */
const MAX_FIELDS = 256;
const MAX_LIST = 256 * 1024;
/**
 * Streams broken off before their answer began, less those that were answered: a person who leaves a page breaks off a few dozen, and a server is
 * asked to allow no fewer than 100 at a time (RFC 9113 §6.5.2). More of them is work that is made for nothing (CVE-2023-44487).
 */
const MANY_RESETS = 100;

/** Bodies whose beginnings are kept at a time, of one connection: 8 KiB each. */
const MAX_KEPT = 32;

/** Octets [off, end) of a header block, whole. */
export interface HeaderBlock {
  readonly buf: Uint8Array;
  readonly off: number;
  readonly end: number;
}

/** Where one direction stands. */
export class Http2Side {
  readonly hpack = new HpackDecoder();
  /** Its first octets were looked at; its SETTINGS, with which each side begins, were there. */
  isBegun = false;
  hasSettings = false;
  /** Header block in pieces: what is there of it. */
  block: Uint8Array = NO_OCTETS;
  blockLength = 0;
  /** Stream that the block promises; 0 for none. */
  promise = 0;
  /** Stream whose block is unfinished; 0 for none: nothing else may come between (RFC 9113 §6.10). */
  blockStream = 0;
  blockEndsStream = false;
  continuations = 0;
  /** Octets of the DATA frame still to come, without and of padding. */
  left = 0;
  padding = 0;
  dataStream = 0;
  dataEndsStream = false;

  /** Puts octets [off, end) behind what is there of the block; false when it would pass `max`. Grows with what has come. */
  keepBlock(buf: Uint8Array, off: number, end: number, max: number): boolean {
    const length = this.blockLength + end - off;
    if (length > max) return false;
    if (length > this.block.length) {
      const larger = new Uint8Array(Math.min(max, 2 * length));
      larger.set(this.block.subarray(0, this.blockLength));
      this.block = larger;
    }
    this.block.set(buf.subarray(off, end), this.blockLength);
    this.blockLength = length;
    return true;
  }

  /** The block is read: nothing of it is kept. */
  dropBlock(): void {
    this.block = NO_OCTETS;
    this.blockLength = 0;
    this.blockStream = 0;
  }
}

const NO_OCTETS = new Uint8Array(0);

/** Both directions of an HTTP/2 connection and the exchanges that are open. */
export class Http2Connection implements FieldTaker, BodyKeeper {
  wantsBodies = false;
  client = new Http2Side();
  server = new Http2Side();
  /** The flow was caught late and its ends are the other way round: who sends the preface is the client. */
  isReversed = false;
  readonly form = new BodyBeginning(MAX_FORM);
  private formStream = 0;
  private readonly streams = new Map<number, Http2Stream>();
  private readonly logins = new LoginWatch();
  /** Highest stream that the client opened. */
  private lastStream = 0;
  private keptBodies = 0;
  private clientResets = 0;
  private serverResets = 0;
  /** The block at hand: whose it is, and how much it says. */
  private taking: Http2Stream | undefined;
  private isAnswer = false;
  private fields = 0;
  private listLength = 0;

  /** The ends are the other way round. */
  turn(): void {
    [this.client, this.server] = [this.server, this.client];
    this.isReversed = !this.isReversed;
  }

  /** A whole header block. False when it cannot be read: then no later one can. */
  headers(id: number, fromClient: boolean, endsStream: boolean, block: HeaderBlock, out: Output<Http2Event>): boolean {
    const isNew = fromClient && id > this.lastStream;
    if (isNew) this.lastStream = id;
    const stream = this.streams.get(id) ?? this.open(id, isNew || (!fromClient && this.lastStream === 0), out);
    if (!this.decode(fromClient ? this.client : this.server, stream, !fromClient, block, out)) return false;
    if (stream === undefined) return true;
    if (!fromClient) this.answered(stream, out);
    else if (!stream.hasRequest) this.requested(stream, endsStream, out);
    if (endsStream) this.ended(stream, fromClient, out);
    return true;
  }

  /** The server announces what it will send unasked (RFC 9113 §8.4): a request of its own making. */
  promised(id: number, block: HeaderBlock, out: Output<Http2Event>): boolean {
    const stream = this.streams.get(id) ?? this.open(id, true, out);
    if (!this.decode(this.server, stream, false, block, out)) return false;
    if (stream === undefined || stream.hasRequest) return true;
    this.requested(stream, true, out);
    stream.isRequestOver = true;
    return true;
  }

  /** Octets of a body: so many, of which nobody may see the content. */
  count(side: Http2Side, octets: number): void {
    const stream = this.streams.get(side.dataStream);
    if (stream === undefined) return;
    if (side === this.server) stream.exchange.responseLength += octets;
    else stream.exchange.requestLength += octets;
  }

  /** Octets of a body that stand at the front of the slice. */
  data(side: Http2Side, slice: Slice, octets: number): void {
    this.count(side, octets);
    if (this.wantsForm(side)) this.form.add(slice, octets);
    this.kept(side)?.add(slice, octets);
  }

  /** Octets of the DATA frame at hand went by unseen. */
  lost(side: Http2Side): void {
    if (side === this.client && side.dataStream === this.formStream) this.form.wipe();
    const kept = this.kept(side);
    if (kept?.isOpen === true) kept.wipe();
  }

  /** True while somebody looks at the octets of the body at hand. */
  wantsData(side: Http2Side): boolean {
    return this.wantsForm(side) || this.kept(side)?.isOpen === true;
  }

  private wantsForm(side: Http2Side): boolean {
    return side === this.client && this.form.isOpen && side.dataStream === this.formStream;
  }

  /** Where the body at hand is kept; undefined where nobody asked. */
  private kept(side: Http2Side): BodyBeginning | undefined {
    if (!this.wantsBodies) return undefined;
    const stream = this.streams.get(side.dataStream);
    if (stream === undefined) return undefined;
    const kept = side === this.client ? stream.requestKept : stream.answerKept;
    if (kept !== undefined || this.keptBodies >= MAX_KEPT) return kept;
    this.keptBodies++;
    const made = new BodyBeginning(MAX_BODY);
    made.isWanted = true;
    if (side === this.client) stream.requestKept = made;
    else stream.answerKept = made;
    return made;
  }

  dataDone(side: Http2Side, out: Output<Http2Event>): void {
    const stream = this.streams.get(side.dataStream);
    if (stream !== undefined && side.dataEndsStream) this.ended(stream, side === this.client, out);
  }

  /** RST_STREAM (RFC 9113 §6.4). */
  reset(id: number, fromClient: boolean, code: number, out: Output<Http2Event>): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    const isEarly = stream.exchange.response === undefined;
    if (isEarly && fromClient && ++this.clientResets === MANY_RESETS) out.anomaly("rapid-reset");
    if (isEarly && !fromClient && ++this.serverResets === MANY_RESETS) out.anomaly("many-refused");
    stream.resetCode = code;
    stream.isResetByClient = fromClient;
    this.over(stream, out);
  }

  /** Nothing more will be read: tells what is still open. */
  finish(out: Output<Http2Event>): void {
    for (const stream of [...this.streams.values()]) this.over(stream, out);
  }

  /** A field of the block at hand; what the decoder calls. */
  field(name: string, value: string, isRecalled: boolean): void {
    this.fields++;
    this.listLength += name.length + value.length + 32;
    const stream = this.taking;
    if (stream === undefined || this.fields > MAX_FIELDS || this.listLength > MAX_LIST) return;
    if (this.isAnswer) takeAnswerField(stream, name, value);
    else if (stream.hasRequest) return;
    else if (name !== "authorization" && name !== "proxy-authorization") takeRequestField(stream, name, value);
    else if (isRecalled) stream.exchange.request.authorization = value.toLowerCase();
    else this.logins.credentials(stream.exchange, value);
  }

  private open(id: number, isWanted: boolean, out: Output<Http2Event>): Http2Stream | undefined {
    if (!isWanted || id === 0) return undefined;
    if (this.streams.size >= MAX_STREAMS) {
      const [oldest] = this.streams.values();
      if (oldest !== undefined) this.over(oldest, out);
      out.anomaly("many-streams");
    }
    const stream = new Http2Stream(id);
    this.streams.set(id, stream);
    return stream;
  }

  /** Reads a block on behalf of a stream, or for the table's sake alone. */
  private decode(
    { hpack }: Http2Side,
    stream: Http2Stream | undefined,
    isAnswer: boolean,
    block: HeaderBlock,
    out: Output<Http2Event>,
  ): boolean {
    this.taking = stream;
    this.isAnswer = isAnswer;
    this.fields = 0;
    this.listLength = 0;
    const isGood = hpack.decode(block.buf, block.off, block.end, this);
    this.taking = undefined;
    if (this.fields > MAX_FIELDS) out.anomaly("many-headers");
    if (this.listLength > MAX_LIST) out.anomaly("large-header-list");
    if (!isGood) out.anomaly("bad-header-block");
    return isGood;
  }

  private requested(stream: Http2Stream, endsStream: boolean, out: Output<Http2Event>): void {
    const { exchange } = stream;
    const { request } = exchange;
    if (request.method === "") {
      out.anomaly("bad-request");
      this.streams.delete(stream.id);
      return;
    }
    stream.hasRequest = true;
    request.protocol = "HTTP/2";
    this.logins.query(exchange);
    if (!endsStream && !this.form.isWanted && exchange.attempt === undefined && mayHoldLogin(request)) {
      this.form.isWanted = true;
      this.formStream = stream.id;
    }
    if (request.host !== "") out.label({ hostname: request.host });
    labelApplication(exchange, out);
    out.event(this.event("request", stream, stream.requestAnnounced, 0));
  }

  private answered(stream: Http2Stream, out: Output<Http2Event>): void {
    const { exchange, answer } = stream;
    stream.answer = new ResponseHead();
    // Interim answers come before the one that counts; what comes behind it are trailers.
    if (exchange.response !== undefined || answer.status < 200) return;
    exchange.response = answer;
    answer.protocol = "HTTP/2";
    this.clientResets = Math.max(0, this.clientResets - 1);
    this.serverResets = Math.max(0, this.serverResets - 1);
    labelApplication(exchange, out);
    out.event(this.event("response", stream, exchange.requestLength, stream.answerAnnounced));
    this.logins.settle(exchange, out);
  }

  /** One side has said all. */
  private ended(stream: Http2Stream, fromClient: boolean, out: Output<Http2Event>): void {
    if (fromClient) {
      stream.isRequestOver = true;
      this.formDone(stream, out);
    } else stream.isAnswerOver = true;
    // Of an answer whose request was not seen there is no more to come.
    if (stream.isAnswerOver && (stream.isRequestOver || !stream.hasRequest)) this.over(stream, out);
  }

  private formDone(stream: Http2Stream, out: Output<Http2Event>): void {
    const { form } = this;
    if (!form.isWanted || this.formStream !== stream.id) return;
    this.logins.form(stream.exchange, form.buf, form.length);
    form.wipe();
    this.logins.settle(stream.exchange, out);
  }

  private over(stream: Http2Stream, out: Output<Http2Event>): void {
    if (!this.streams.delete(stream.id)) return;
    if (this.formStream === stream.id) this.form.wipe();
    const { exchange, requestKept, answerKept } = stream;
    if (requestKept !== undefined) this.keptBodies--;
    if (answerKept !== undefined) this.keptBodies--;
    exchange.requestBody = takeBody(requestKept, exchange.request.contentEncoding, out);
    exchange.responseBody = takeBody(answerKept, exchange.response?.contentEncoding ?? "", out);
    exchange.attempt?.close("unknown", out);
    if (stream.hasRequest || exchange.response !== undefined)
      out.event(this.event("transaction", stream, exchange.requestLength, exchange.responseLength));
  }

  private event(phase: Http2Event["phase"], stream: Http2Stream, requestLength: number, length: number): Http2Event {
    const { exchange, grpcStatus } = stream;
    const event = { ...httpEventOf(phase, exchange, requestLength, length), streamId: stream.id };
    const { upgrade } = exchange.request;
    return {
      ...event,
      ...(upgrade === undefined || event.status < 200 || event.status > 299 ? {} : { upgrade }),
      ...(stream.resetCode < 0 ? {} : { reset: { byClient: stream.isResetByClient, code: stream.resetCode } }),
      ...(stream.isGrpc
        ? { grpc: { ...grpcCall(exchange.request.url), ...(grpcStatus === undefined ? {} : { status: grpcStatus }) } }
        : {}),
    };
  }
}
