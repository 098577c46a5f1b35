import { AgentError } from "./errors.ts";

/** An address range. `family` 4 uses words[0] only; 6 uses all four (big-endian 32-bit words, signed). */
export interface Network {
  readonly family: 4 | 6;
  readonly words: readonly [number, number, number, number];
  readonly prefix: number;
  readonly text: string;
}

/** Text of an IPv4 address kept as a signed 32-bit word. */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Text of an IPv6 address in the form of RFC 5952 (lower case, longest run of zero groups shortened). */
export function formatIpv6(w0: number, w1: number, w2: number, w3: number): string {
  const groups = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff];
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; ) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLength) {
      bestStart = i;
      bestLength = j - i;
    }
    i = j === i ? i + 1 : j;
  }
  const hex = groups.map((group) => group.toString(16));
  if (bestStart < 0) return hex.join(":");
  return `${hex.slice(0, bestStart).join(":")}::${hex.slice(bestStart + bestLength).join(":")}`;
}

/** Text of a MAC kept as two 24-bit halves, lower case with colons. */
export function formatMac(high: number, low: number): string {
  const hex = high.toString(16).padStart(6, "0") + low.toString(16).padStart(6, "0");
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}:${hex.slice(10, 12)}`;
}

/** Parses "192.168.1.7"; undefined when it is not four decimal octets. */
export function parseIpv4(text: string): number | undefined {
  let word = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  // By character, without regular expressions: every flow's addresses pass here.
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit >= 0 && digit <= 9) {
      part = part * 10 + digit;
      if (++digits > 3 || part > 255) return undefined;
    } else {
      if (digit !== -2 || digits === 0 || ++dots > 3) return undefined;
      word = (word << 8) | part;
      part = 0;
      digits = 0;
    }
  }
  return dots === 3 && digits > 0 ? (word << 8) | part : undefined;
}

/** Parses an IPv6 address (with `::` and with a dotted IPv4 tail, without zone); undefined when it is none. */
export function parseIpv6(text: string): [number, number, number, number] | undefined {
  let source = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(source);
  if (dotted) {
    const word = parseIpv4(dotted[2] ?? "");
    if (word === undefined) return undefined;
    source = `${dotted[1]}${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const head = halves[0] === "" ? [] : (halves[0] ?? "").split(":");
  const tail = halves.length === 2 && halves[1] !== "" ? (halves[1] ?? "").split(":") : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  const numbers = groups.map((group) => (/^[0-9a-fA-F]{1,4}$/.test(group) ? Number.parseInt(group, 16) : Number.NaN));
  if (numbers.some(Number.isNaN)) return undefined;
  const word = (i: number): number => ((numbers[i] ?? 0) << 16) | (numbers[i + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

/** Parses "10.0.0.0/8", "fd00::/8" or a single address. Throws ERR_NETWORK with the text at fault. */
export function parseNetwork(text: string): Network {
  const [address = "", length] = text.trim().split("/");
  const v4 = parseIpv4(address);
  const v6 = v4 === undefined ? parseIpv6(address) : undefined;
  const bits = v4 !== undefined ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (
    (v4 === undefined && v6 === undefined) ||
    !Number.isInteger(prefix) ||
    prefix < 0 ||
    prefix > bits ||
    length === ""
  ) {
    throw new AgentError("ERR_NETWORK", `"${text}" is not a network: write it as 192.168.1.0/24 or fd00::/8`);
  }
  return {
    family: v4 !== undefined ? 4 : 6,
    words: v4 !== undefined ? [v4, 0, 0, 0] : (v6 ?? [0, 0, 0, 0]),
    prefix,
    text: text.trim(),
  };
}

/** True if the address (words as in {@link Network}) lies in `net`. Allocates nothing. */
export function inNetwork(net: Network, family: 4 | 6, w0: number, w1: number, w2: number, w3: number): boolean {
  if (net.family !== family) return false;
  const { words, prefix } = net;
  return (
    sameBits(words[0], w0, prefix) &&
    sameBits(words[1], w1, prefix - 32) &&
    sameBits(words[2], w2, prefix - 64) &&
    sameBits(words[3], w3, prefix - 96)
  );
}

function sameBits(a: number, b: number, bits: number): boolean {
  if (bits <= 0) return true;
  if (bits >= 32) return a === b;
  return (a ^ b) >>> (32 - bits) === 0;
}

/** True if the address text lies in one of the networks. For use once an event, not per packet. */
export function textInNetworks(networks: readonly Network[], text: string): boolean {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) {
    for (const net of networks) if (inNetwork(net, 4, v4, 0, 0, 0)) return true;
    return false;
  }
  const v6 = parseIpv6(text);
  if (v6 === undefined) return false;
  for (const net of networks) if (inNetwork(net, 6, v6[0], v6[1], v6[2], v6[3])) return true;
  return false;
}

/** Networks that a home uses when nothing else is said: RFC 1918, RFC 6598 is left out (the provider's), RFC 3927, RFC 4193, RFC 4291 link-local, loopback. */
export const PRIVATE_NETWORKS: readonly Network[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
].map(parseNetwork);
