import { u8, u16 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";

/** RFC 1035 §3.1: a name has at most 255 octets, length octets and root included. */
export const MAX_NAME_OCTETS = 255;
/** 127 labels fit into 255 octets; whoever needs more steps is trying something. */
export const MAX_LABELS = 128;

const POINTER = 0xc0;

/**
 * Steps over the name at `off`, not following pointers.
 *
 * Returns  Offset after the name; -1 when it is cut, too long or has a reserved label type (RFC 1035 §4.1.4).
 */
export function skipDnsName(buf: Uint8Array, off: number, end: number): number {
  let at = off;
  while (at < end && at - off < MAX_NAME_OCTETS) {
    const length = u8(buf, at);
    if (length === 0) return at + 1;
    if ((length & POINTER) === POINTER) return at + 2 <= end ? at + 2 : -1;
    if (length > 63) return -1;
    at += length + 1;
  }
  return -1;
}

/** A name as its labels stood in the message. One instance is reused: read it before the next name is expanded. */
export class DnsName {
  /** Labels joined by dots, raw octets. */
  readonly octets: Uint8Array = new Uint8Array(MAX_NAME_OCTETS + 1);
  length = 0;
  /** Octets of the uncompressed name on the wire, root included. */
  wireLength = 0;
  labels = 0;
  /** Length of the first label. */
  firstLabel = 0;

  /** Text for people: bad UTF-8 and control characters replaced; "" is the root. */
  text(): string {
    return sanitizeOctets(this.octets, 0, this.length);
  }
}

/**
 * Expands the name at `off` into `name`, following compression pointers.
 *
 * Shape    `base` is the start of the DNS message, to which pointers are relative.
 * Returns  True when the name is whole. False for cut names, more than 255 octets or 128 labels, and pointers that do not lead
 *          strictly backwards (a pointer is to a *prior* name, so a loop cannot be legal).
 * Source   RFC 1035 §3.1, §4.1.4
 */
export function expandDnsName(buf: Uint8Array, base: number, off: number, end: number, name: DnsName): boolean {
  let at = off;
  let segment = off;
  name.length = 0;
  name.wireLength = 1;
  name.labels = 0;
  name.firstLabel = 0;
  while (at < end) {
    const length = u8(buf, at);
    if (length === 0) return true;
    if ((length & POINTER) === POINTER) {
      if (at + 2 > end) return false;
      const target = base + (u16(buf, at) & 0x3fff);
      if (target >= segment) return false;
      at = target;
      segment = target;
      continue;
    }
    if (length > 63 || at + 1 + length > end) return false;
    name.wireLength += length + 1;
    if (name.wireLength > MAX_NAME_OCTETS || ++name.labels > MAX_LABELS) return false;
    if (name.labels === 1) name.firstLabel = length;
    else name.octets[name.length++] = 0x2e;
    for (let i = 1; i <= length; i++) name.octets[name.length++] = u8(buf, at + i);
    at += length + 1;
  }
  return false;
}
