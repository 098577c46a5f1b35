import { u8 } from "../core/bytes.ts";

/** Universal tags used by the protocols of a home (X.690 §8, X.680 §8.6). */
export const BER_INTEGER = 0x02;
export const BER_OCTET_STRING = 0x04;
export const BER_OID = 0x06;
export const BER_SEQUENCE = 0x30;

/** Deepest OID kept, arcs. */
const MAX_ARCS = 32;

/**
 * Reads tag-length-value elements one after the other. One instance serves a whole message: {@link BerReader.next} moves it on, {@link BerReader.enter}
 * narrows it to the contents of the element just read. Never throws; an element that passes `end` is not read.
 */
export class BerReader {
  private buf: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;
  tag = 0;
  valueOff = 0;
  valueEnd = 0;

  reset(buf: Uint8Array, off: number, end: number): this {
    this.buf = buf;
    this.at = off;
    this.end = end;
    this.tag = 0;
    this.valueOff = off;
    this.valueEnd = off;
    return this;
  }

  /** Reads one element. False at the end, for lengths of more than 4 octets, indefinite lengths and multi-octet tags. */
  next(): boolean {
    const { buf, end } = this;
    if (this.at + 2 > end) return false;
    const tag = u8(buf, this.at);
    let length = u8(buf, this.at + 1);
    let value = this.at + 2;
    if ((tag & 0x1f) === 0x1f || length === 0x80) return false;
    if (length > 0x80) {
      const octets = length & 0x7f;
      if (octets > 4 || value + octets > end) return false;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + u8(buf, value + i);
      value += octets;
    }
    if (length > end - value) return false;
    this.tag = tag;
    this.valueOff = value;
    this.valueEnd = value + length;
    this.at = this.valueEnd;
    return true;
  }

  /** Reads one element and tells whether it has this tag. */
  expect(tag: number): boolean {
    return this.next() && this.tag === tag;
  }

  /** Goes on inside the element just read. */
  enter(): void {
    this.at = this.valueOff;
    this.end = this.valueEnd;
  }

  /** Where the element after this one begins, for a second reader. */
  get position(): number {
    return this.at;
  }

  get limit(): number {
    return this.end;
  }

  /** Value of an INTEGER of up to 6 octets, signed; NaN for longer ones and for none. */
  integer(): number {
    const length = this.valueEnd - this.valueOff;
    if (length < 1 || length > 6) return Number.NaN;
    let value = u8(this.buf, this.valueOff);
    if (value > 127) value -= 256;
    for (let i = 1; i < length; i++) value = value * 256 + u8(this.buf, this.valueOff + i);
    return value;
  }

  /** Dotted text of an OBJECT IDENTIFIER, at most 32 arcs; "" when it is malformed (X.690 §8.19). */
  oid(): string {
    const first = this.valueOff < this.valueEnd ? u8(this.buf, this.valueOff) : 0x80;
    if (first > 0x7f) return "";
    const arcs = [Math.min(2, Math.floor(first / 40))];
    arcs.push(first - 40 * (arcs[0] ?? 0));
    let arc = 0;
    for (let at = this.valueOff + 1; at < this.valueEnd; at++) {
      const octet = u8(this.buf, at);
      arc = arc * 128 + (octet & 0x7f);
      if (arc > 0xffff_ffff) return "";
      if (octet > 0x7f) continue;
      if (arcs.push(arc) >= MAX_ARCS) break;
      arc = 0;
    }
    return arcs.join(".");
  }
}
