/** Sum of 16-bit words for the Internet checksum (RFC 1071), not folded; an odd last octet is padded with zero. */
export function sum16(octets: Uint8Array, start = 0): number {
  let sum = start;
  const even = octets.length & ~1;
  for (let i = 0; i < even; i += 2) sum += ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0);
  if (even !== octets.length) sum += (octets[even] ?? 0) << 8;
  return sum;
}

/** Folds a sum to the checksum field: its one's complement. */
export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** Internet checksum of the octets. */
export const checksum = (octets: Uint8Array): number => foldChecksum(sum16(octets));

/** Sum of the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 §3.1, RFC 8200 §8.1). `length` counts the transport header and its payload. */
export function pseudoHeaderSum(src: Uint8Array, dst: Uint8Array, proto: number, length: number): number {
  return sum16(dst, sum16(src)) + proto + (length >>> 16) + (length & 0xffff);
}
