import { describe, expect, test } from "vitest";
import { ipv4ChecksumOk, transportChecksumOk } from "./checksum.ts";
import { decode, ethernet, hex, ipv6, join } from "./testing.ts";

/** A DNS query as captured: 192.168.1.2:50000 > 192.168.1.1:53, checksums worked out by hand from RFC 1071. */
const DATAGRAM = ethernet(
  0x0800,
  hex(`
  4500 0020 0001 0000 40 11 f778 c0a80102 c0a80101   # IPv4, 32 octets
  c350 0035 000c b4f6                                # UDP, 12 octets
  0102 0304                                          # data
`),
);

function withOctet(frame: Uint8Array, at: number, octet: number): Uint8Array {
  const copy = frame.slice();
  copy[at] = octet;
  return copy;
}

/** Sum in ones' complement of the octets, as the checksum that makes them right. */
function checksumOf(...parts: Uint8Array[]): string {
  const octets = join(...parts);
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return (~sum & 0xffff).toString(16).padStart(4, "0");
}

describe("IPv4 header", () => {
  test("right, and wrong by one bit", () => {
    expect(ipv4ChecksumOk(decode(DATAGRAM).view)).toBe(true);
    expect(ipv4ChecksumOk(decode(withOctet(DATAGRAM, 22, 0x41)).view)).toBe(false);
  });
});

describe("transport", () => {
  test("UDP: right, wrong, none", () => {
    expect(transportChecksumOk(decode(DATAGRAM).view)).toBe(true);
    expect(transportChecksumOk(decode(withOctet(DATAGRAM, 45, 5)).view)).toBe(false);
    const none = withOctet(withOctet(DATAGRAM, 40, 0), 41, 0);
    expect(transportChecksumOk(decode(none).view)).toBe(true);
  });

  test("ICMP with an odd number of octets", () => {
    // Echo request of three octets of data: 0800 + 0001 + 6162 + 6300 = cc63, so 339c.
    const ping = (sum: string) =>
      ethernet(0x0800, join("4500 001f 0001 0000 40 01 0000 c0a80102 c0a80101", `0800 ${sum} 0000 0001 616263`));
    expect(transportChecksumOk(decode(ping("339c")).view)).toBe(true);
    expect(transportChecksumOk(decode(ping("339d")).view)).toBe(false);
  });

  const SOURCE = hex("20010db8000000000000000000000001");
  const DESTINATION = hex("20010db8000000000000000000000002");
  const OTHER = hex("20010db8000000000000000000000077");
  const segment = (sum: string) => hex(`1f90 c350 00000001 00000002 5010 ffff ${sum} 0000 68 65 79`);
  const pseudo = hex("00000017 00000006"); // 23 octets of TCP
  const right = checksumOf(SOURCE, DESTINATION, pseudo, segment("0000"));

  test("TCP over IPv6", () => {
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(6, segment(right)))).view)).toBe(true);
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(6, segment("1234")))).view)).toBe(false);
  });

  test("ICMPv6 has a pseudo header, ICMP has none", () => {
    const body = (sum: string) => hex(`8000 ${sum} 00010001`);
    const sum = checksumOf(SOURCE, DESTINATION, hex("00000008 0000003a"), body("0000"));
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(58, body(sum)))).view)).toBe(true);
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(58, body(checksumOf(body("0000")))))).view)).toBe(false);
  });

  test("the final destination of a Routing header, the home address of a Destination option", () => {
    const sum = checksumOf(SOURCE, OTHER, pseudo, segment("0000"));
    const routing = (left: string) => join(`06 02 02 ${left} 00000000`, OTHER, segment(sum));
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(43, routing("01")))).view)).toBe(true);
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(43, routing("00")))).view)).toBe(false);
    const home = checksumOf(OTHER, DESTINATION, pseudo, segment("0000"));
    // Padding of 4 octets, option 201 with 16 octets.
    const options = join("06 02 01 02 0000 c9 10", OTHER, segment(home));
    expect(transportChecksumOk(decode(ethernet(0x86dd, ipv6(60, options))).view)).toBe(true);
  });

  test("what was not captured whole is not judged", () => {
    const frame = DATAGRAM.slice(0, DATAGRAM.length - 1);
    expect(transportChecksumOk(decode(frame, 1, DATAGRAM.length).view)).toBe(true);
    expect(transportChecksumOk(decode(hex("00")).view)).toBe(true);
  });
});
