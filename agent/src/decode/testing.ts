/** Frames for tests, built from octets written as hex. Used by tests only. */
import { DecodeCounters } from "./counters.ts";
import { decodeFrame } from "./frame.ts";
import { PacketView } from "./packet-view.ts";

/** Octets of hex text; white space and what follows `#` on a line are left out. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, "").replace(/\s+/g, "");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Joins octets and hex texts. */
export function join(...parts: (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? hex(part) : part)]));
}

const word = (value: number): string => value.toString(16).padStart(4, "0");

export const DST_MAC = "02aabbccdd01";
export const SRC_MAC = "02aabbccdd02";

/** An Ethernet frame, not padded. */
export const ethernet = (type: number, payload: Uint8Array): Uint8Array => join(DST_MAC, SRC_MAC, word(type), payload);

/** An IPv4 packet 10.0.0.1 > 10.0.0.2, id 0x1234, TTL 64; `flags` is the whole fragment field. */
export const ipv4 = (proto: number, payload: Uint8Array, flags = 0, options = ""): Uint8Array => {
  const extra = hex(options);
  const header = 20 + extra.length;
  return join(
    (0x40 | (header / 4)).toString(16),
    "00",
    word(header + payload.length),
    `1234 ${word(flags)} 40`,
    proto.toString(16).padStart(2, "0"),
    "0000 0a000001 0a000002",
    extra,
    payload,
  );
};

/** An IPv6 packet 2001:db8::1 > 2001:db8::2, hop limit 64. */
export const ipv6 = (next: number, payload: Uint8Array): Uint8Array =>
  join(
    "60000000",
    word(payload.length),
    next.toString(16).padStart(2, "0"),
    "40 20010db8000000000000000000000001 20010db8000000000000000000000002",
    payload,
  );

export const udp = (src: number, dst: number, payload: Uint8Array): Uint8Array =>
  join(word(src), word(dst), word(8 + payload.length), "0000", payload);

/** A TCP segment, seq 0xfffffff0, ack 1, PSH ACK, window 512. */
export const tcp = (src: number, dst: number, payload: Uint8Array, options = ""): Uint8Array => {
  const extra = hex(options);
  return join(
    word(src),
    word(dst),
    `fffffff0 00000001 ${((20 + extra.length) / 4).toString(16)}018 0200 0000 0000`,
    extra,
    payload,
  );
};

/** Octets of the ASCII text. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Decodes a whole frame into a fresh view. */
export function decode(frame: Uint8Array, linkType = 1, wireLength = frame.length) {
  const view = new PacketView();
  const counters = new DecodeCounters();
  const code = decodeFrame(view, frame, 0, frame.length, wireLength, linkType, counters);
  return { view, counters, code, payload: frame.subarray(view.payloadOff, view.payloadEnd) };
}
