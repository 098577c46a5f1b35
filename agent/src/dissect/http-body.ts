import { u8 } from "../core/bytes.ts";
import type { Slice } from "./define.ts";
import type { HeaderLine } from "./http-head.ts";

const EMPTY = new Uint8Array(0);

export const BODY_NONE = 0;
export const BODY_LENGTH = 1;
export const BODY_CHUNKED = 2;
/** Until the connection ends (RFC 9112 §6.3, case 8). */
export const BODY_CLOSE = 3;
export type BodyKind = typeof BODY_NONE | typeof BODY_LENGTH | typeof BODY_CHUNKED | typeof BODY_CLOSE;

/** How a message says where its body ends (RFC 9112 §6). */
export class Framing {
  /** -1 without Content-Length. */
  length = -1;
  isChunked = false;
  /** Transfer-Encoding with something else last: only the end of the connection ends it. */
  isOtherCoding = false;
  /** Two answers to the same question: proxies and servers may differ, which is how requests are smuggled. */
  isAmbiguous = false;
  isBadLength = false;

  reset(): void {
    this.length = -1;
    this.isChunked = false;
    this.isOtherCoding = false;
    this.isAmbiguous = false;
    this.isBadLength = false;
  }

  /** Takes a framing header; false for any other. */
  take(line: HeaderLine): boolean {
    if (line.is("content-length")) {
      const value = decimal(line.buf, line.valueOff, line.valueEnd);
      if (value < 0) this.isBadLength = true;
      else if (this.length >= 0 && this.length !== value) this.isAmbiguous = true;
      else this.length = value;
      if (this.isChunked) this.isAmbiguous = true;
      return true;
    }
    if (!line.is("transfer-encoding")) return false;
    const last = (line.text(64).toLowerCase().split(",").pop() ?? "").trim();
    if (last === "chunked") this.isChunked = true;
    else if (last !== "identity") this.isOtherCoding = true;
    if (this.length >= 0) this.isAmbiguous = true;
    return true;
  }
}

/** Digits only, at most fifteen; -1 else. */
function decimal(buf: Uint8Array, off: number, end: number): number {
  if (off >= end || end - off > 15) return -1;
  let value = 0;
  for (let at = off; at < end; at++) {
    const digit = u8(buf, at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Size of a chunk from its line (RFC 9112 §7.1); extensions after ";" are passed over; -1 when it is none. */
export function chunkSize(buf: Uint8Array, off: number, end: number): number {
  let value = 0;
  let at = off;
  for (; at < end && at - off < 13; at++) {
    const digit = hexDigit(u8(buf, at));
    if (digit < 0) break;
    value = value * 16 + digit;
  }
  if (at === off) return -1;
  return at === end || u8(buf, at) === 0x3b || u8(buf, at) === 0x20 ? value : -1;
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Octets of a form that are looked at for a log-in. */
export const MAX_FORM = 4096;
/** Octets of a body that are kept, packed and unpacked, where somebody asks for bodies. */
export const MAX_BODY = 8192;

/** The first octets of a body, kept while its message is read. Takes room when the first one comes. */
export class BodyBeginning {
  private octets: Uint8Array = EMPTY;
  private readonly max: number;
  length = 0;
  isWanted = false;

  constructor(max: number) {
    this.max = max;
  }

  /** Takes octets [off, off + count) of the slice, if they are wanted. */
  add(slice: Pick<Slice, "buf" | "off">, count: number): void {
    if (!this.isWanted) return;
    const room = Math.min(count, this.max - this.length);
    if (room <= 0) return;
    if (this.octets === EMPTY) this.octets = new Uint8Array(this.max);
    this.octets.set(slice.buf.subarray(slice.off, slice.off + room), this.length);
    this.length += room;
  }

  get isFull(): boolean {
    return this.length >= this.max;
  }

  /** More octets are of use. */
  get isOpen(): boolean {
    return this.isWanted && !this.isFull;
  }

  get buf(): Uint8Array {
    return this.octets;
  }

  wipe(): void {
    this.octets.fill(0);
    this.length = 0;
    this.isWanted = false;
  }
}
