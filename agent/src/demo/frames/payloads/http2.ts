import { be16, be24, be32, type Data, join, toOctets } from "../octets.ts";

/** What the client of HTTP/2 sends first (RFC 9113 §3.4). */
export const HTTP2_PREFACE = toOctets("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export const H2_DATA = 0;
export const H2_HEADERS = 1;
export const H2_RST_STREAM = 3;
export const H2_SETTINGS = 4;
export const H2_PUSH_PROMISE = 5;
export const H2_PING = 6;
export const H2_CONTINUATION = 9;
export const H2_END_STREAM = 1;
export const H2_ACK = 1;
export const H2_END_HEADERS = 4;
export const H2_PADDED = 8;
export const H2_PRIORITY = 32;

/** One frame (RFC 9113 §4.1). */
export function http2Frame(type: number, flags: number, stream: number, payload: Data = ""): Uint8Array {
  const octets = toOctets(payload);
  return join(be24(octets.length), type, flags, be32(stream), octets);
}

/** SETTINGS (RFC 9113 §6.5): identifiers and values. */
export const http2Settings = (entries: readonly (readonly [number, number])[] = []): Uint8Array =>
  http2Frame(H2_SETTINGS, 0, 0, join(...entries.flatMap(([id, value]) => [be16(id), be32(value)])));

export type Http2Field = readonly [name: string, value: string];

/** Fields that the static table has whole, and names that it has (RFC 7541 appendix A), as far as the builders use them. */
const WHOLE: Readonly<Record<string, number>> = {
  ":method GET": 2,
  ":method POST": 3,
  ":path /": 4,
  ":scheme http": 6,
  ":status 200": 8,
  ":status 404": 13,
};
const NAMES: Readonly<Record<string, number>> = {
  ":authority": 1,
  ":path": 4,
  ":status": 8,
  authorization: 23,
  "content-type": 31,
  cookie: 32,
  server: 54,
  "set-cookie": 55,
  "user-agent": 58,
};
const STATIC_ENTRIES = 61;

/** An integer behind a prefix of so many bits, in an octet whose other bits are `first` (RFC 7541 §5.1). */
function integer(first: number, prefix: number, value: number): Uint8Array {
  const most = 2 ** prefix - 1;
  if (value < most) return Uint8Array.of(first | value);
  const octets = [first | most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) | 128);
  return Uint8Array.from([...octets, rest]);
}

const literal = (text: string): Uint8Array => {
  const octets = toOctets(text);
  return join(integer(0, 7, octets.length), octets);
};

/** Encodes the header blocks of one direction (RFC 7541), without Huffman's code: what was sent before is sent again as a number. */
export class HpackEncoder {
  /** The newest first. Kept small enough that nothing is ever put out. */
  readonly #sent: string[] = [];

  encode(...fields: readonly Http2Field[]): Uint8Array {
    return join(...fields.map(([name, value]) => this.#field(name, value)));
  }

  #field(name: string, value: string): Uint8Array {
    const field = `${name} ${value}`;
    const whole = WHOLE[field];
    if (whole !== undefined) return integer(0x80, 7, whole);
    const known = this.#sent.indexOf(field);
    if (known >= 0) return integer(0x80, 7, STATIC_ENTRIES + 1 + known);
    this.#sent.unshift(field);
    return join(integer(0x40, 6, NAMES[name] ?? 0), name in NAMES ? "" : literal(name), literal(value));
  }
}

export interface Http2Message {
  readonly stream: number;
  readonly fields: readonly Http2Field[];
  readonly body?: Data;
  readonly trailers?: readonly Http2Field[];
}

/** A request or an answer: HEADERS, DATA when there is a body, and trailers; its last frame ends the stream. */
export function http2Message(encoder: HpackEncoder, { stream, fields, body, trailers }: Http2Message): Uint8Array {
  const end = (isLast: boolean): number => (isLast ? H2_END_STREAM : 0);
  const frames = [
    http2Frame(
      H2_HEADERS,
      H2_END_HEADERS | end(body === undefined && trailers === undefined),
      stream,
      encoder.encode(...fields),
    ),
  ];
  if (body !== undefined) frames.push(http2Frame(H2_DATA, end(trailers === undefined), stream, body));
  if (trailers !== undefined)
    frames.push(http2Frame(H2_HEADERS, H2_END_HEADERS | H2_END_STREAM, stream, encoder.encode(...trailers)));
  return join(...frames);
}
