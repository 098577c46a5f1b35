import { describe, expect, test } from "vitest";
import {
  DECODE_BAD_LENGTH,
  DECODE_BAD_VERSION,
  DECODE_HEADER_CUT,
  DECODE_OK,
  DECODE_TOO_DEEP,
  DECODE_TRUNCATED,
  DECODE_UNSUPPORTED,
} from "./codes.ts";
import { DecodeCounters } from "./counters.ts";
import { decodeIp } from "./frame.ts";
import { ascii, decode, ethernet, hex, ipv4, ipv6, join, tcp, udp } from "./testing.ts";

const HELLO = ascii("hello");

describe("Ethernet, IPv4, TCP and UDP", () => {
  test("a whole TCP segment", () => {
    const { view, code, payload, counters } = decode(
      hex(`
      3c a9 f4 00 00 01  b8 27 eb 00 00 02  08 00   # to, from, IPv4
      45 00 00 37  ab cd 40 00  3f 06 00 00         # 55 octets, id, don't fragment, TTL 63, TCP
      c0 a8 01 02  c6 33 64 07                      # 192.168.1.2 > 198.51.100.7
      d4 31 01 bb  ff ff ff f0  80 00 00 01         # 54321 > 443, seq, ack
      80 18 01 f6  00 00 00 00                      # 32 octets, PSH ACK, window 502
      01 01 08 0a  00 00 00 01  00 00 00 02         # NOP NOP timestamps
      16 03 01                                      # data
    `),
    );
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({
      hasMac: 1,
      dstMacHigh: 0x3ca9f4,
      dstMacLow: 1,
      srcMacHigh: 0xb827eb,
      srcMacLow: 2,
      etherType: 0x0800,
      ipVersion: 4,
      src0: 0xc0a80102 | 0,
      dst0: 0xc6336407 | 0,
      ipProto: 6,
      ttl: 63,
      fragmentId: 0xabcd,
      isFragment: 0,
      l3Off: 14,
      l4Off: 34,
      payloadOff: 66,
      payloadEnd: 69,
      payloadWireLength: 3,
      hasTransport: 1,
      srcPort: 54321,
      dstPort: 443,
      tcpSeq: 0xfffffff0,
      tcpAck: 0x80000001,
      tcpFlags: 0x18,
      tcpWindow: 502,
    });
    expect([...payload]).toEqual([0x16, 3, 1]);
    expect(counters).toMatchObject({ pkts: 1, bytes: 69, ethernet: 1, ipv4: 1, tcp: 1, invalid: 0, truncated: 0 });
  });

  test("padding of a short frame is not data", () => {
    const { view, payload } = decode(join(ethernet(0x0800, ipv4(17, udp(5, 6, HELLO))), "00".repeat(13)));
    expect([...payload]).toEqual([...HELLO]);
    expect(view.payloadWireLength).toBe(5);
  });

  test("IP options are skipped", () => {
    const { view } = decode(ethernet(0x0800, ipv4(17, udp(5, 6, HELLO), 0, "94040000 01010101")));
    expect(view).toMatchObject({ l4Off: 42, srcPort: 5, dstPort: 6, payloadOff: 50 });
  });

  test("what follows a datagram in its packet is not data", () => {
    const { payload, view } = decode(ethernet(0x0800, ipv4(17, join(udp(5, 6, HELLO), "dead"))));
    expect([...payload]).toEqual([...HELLO]);
    expect(view.payloadWireLength).toBe(5);
  });

  test("the snap length cuts the payload: usable, and the length on the wire is known", () => {
    const whole = ethernet(0x0800, ipv4(6, tcp(1, 2, new Uint8Array(1000))));
    const { view, code, counters } = decode(whole.subarray(0, 96), 1, whole.length);
    expect(code).toBe(DECODE_TRUNCATED);
    expect(view).toMatchObject({ hasTransport: 1, payloadOff: 54, payloadEnd: 96, payloadWireLength: 1000 });
    expect(counters).toMatchObject({ truncated: 1, invalid: 0 });
  });

  test("the snap length cuts the TCP options: ports and flags are there, data is not", () => {
    const whole = ethernet(0x0800, ipv4(6, tcp(1, 2, HELLO, "01".repeat(20))));
    const { view, code } = decode(whole.subarray(0, 60), 1, whole.length);
    expect(code).toBe(DECODE_TRUNCATED);
    expect(view).toMatchObject({ hasTransport: 1, dstPort: 2, payloadOff: 60, payloadEnd: 60, payloadWireLength: 5 });
  });

  test("the snap length cuts the TCP header: the IP layer stands", () => {
    const whole = ethernet(0x0800, ipv4(6, tcp(1, 2, HELLO)));
    const { view, code, counters } = decode(whole.subarray(0, 40), 1, whole.length);
    expect(code).toBe(DECODE_HEADER_CUT);
    expect(view).toMatchObject({ ipVersion: 4, ipProto: 6, hasTransport: 0, srcPort: 0, l4Off: 34, payloadOff: 34 });
    expect(counters).toMatchObject({ truncated: 1, invalid: 0, tcp: 0 });
  });

  test("a total length beyond the wire is usable, but counts no more than the wire had", () => {
    const frame = ethernet(0x0800, ipv4(6, tcp(1, 2, HELLO)));
    frame[16] = 0xff; // total length 0xff2d
    const { view, code } = decode(frame);
    expect(code).toBe(DECODE_TRUNCATED);
    expect(view).toMatchObject({ hasTransport: 1, payloadWireLength: 5 });
  });

  test("a total length of 0 (segmentation offload) ends with the frame", () => {
    const frame = ethernet(0x0800, ipv4(6, tcp(1, 2, HELLO)));
    frame[16] = 0;
    frame[17] = 0;
    const { view, code } = decode(frame);
    expect(code).toBe(DECODE_OK);
    expect(view.payloadWireLength).toBe(5);
  });

  test.each([
    ["IP version 5", 14, 0x55, DECODE_BAD_VERSION, 0],
    ["IP header of 16 octets", 14, 0x44, DECODE_BAD_LENGTH, 0],
    ["IP header longer than the packet", 14, 0x4f, DECODE_BAD_LENGTH, 0],
    ["total length below the header", 17, 19, DECODE_BAD_LENGTH, 0],
    ["TCP header of 16 octets", 46, 0x40, DECODE_BAD_LENGTH, 4],
    ["TCP header longer than the segment", 46, 0xf0, DECODE_BAD_LENGTH, 4],
  ])("%s", (_name, at, octet, expected, ipVersion) => {
    const frame = ethernet(0x0800, ipv4(6, tcp(1, 2, HELLO)));
    frame[at] = octet;
    const { view, code, counters } = decode(frame);
    expect(code).toBe(expected);
    expect(view).toMatchObject({ hasMac: 1, etherType: 0x0800, ipVersion, hasTransport: 0, dstPort: 0 });
    expect(counters).toMatchObject({ invalid: 1, tcp: 0 });
  });

  test.each([
    ["below its header", 7],
    ["beyond the packet", 14],
    ["0 over IPv4", 0],
  ])("UDP length %s", (_name, length) => {
    const frame = ethernet(0x0800, ipv4(17, udp(5, 6, HELLO)));
    frame[39] = length;
    const { view, code } = decode(frame);
    expect(code).toBe(DECODE_BAD_LENGTH);
    expect(view).toMatchObject({ ipProto: 17, hasTransport: 0, srcPort: 0 });
  });

  test("fragments leave the transport unread, the first one too", () => {
    const first = decode(ethernet(0x0800, ipv4(17, udp(5, 6, new Uint8Array(16)), 0x2000)));
    expect(first.code).toBe(DECODE_OK);
    expect(first.view).toMatchObject({
      isFragment: 1,
      moreFragments: 1,
      fragmentOffset: 0,
      hasTransport: 0,
      srcPort: 0,
    });
    const last = decode(ethernet(0x0800, ipv4(17, HELLO, 0x0003)));
    expect(last.view).toMatchObject({
      isFragment: 1,
      moreFragments: 0,
      fragmentOffset: 24,
      fragmentId: 0x1234,
      ipProto: 17,
      l4Off: 34,
      payloadOff: 34,
    });
    expect(last.counters).toMatchObject({ fragments: 1, udp: 0 });
  });

  test("ICMP and SCTP", () => {
    // Echo request, id 1, sequence 2.
    const ping = decode(ethernet(0x0800, ipv4(1, join("08 00 0000 0001 0002", HELLO))));
    expect(ping.view).toMatchObject({ icmpType: 8, icmpCode: 0, hasTransport: 1, payloadWireLength: 5 });
    // Ports 36412 > 3868, verification tag, checksum, then a chunk.
    const sctp = decode(ethernet(0x0800, ipv4(132, hex("8e3c 0f1c 00000001 00000000 01000004"))));
    expect(sctp.view).toMatchObject({ srcPort: 36412, dstPort: 3868, hasTransport: 1, payloadWireLength: 4 });
    const igmp = decode(ethernet(0x0800, ipv4(2, hex("16000000 e00000fb"), 0, "94040000")));
    expect(igmp.code).toBe(DECODE_OK);
    expect(igmp.view).toMatchObject({ ipProto: 2, hasTransport: 0, payloadWireLength: 8 });
  });

  test("an Authentication Header in IPv4 is skipped", () => {
    // Next header UDP, 24 octets, reserved, SPI, sequence, 12 octets of ICV.
    const ah = join("11 04 0000 00000001 00000002", "aa".repeat(12), udp(5, 6, HELLO));
    expect(decode(ethernet(0x0800, ipv4(51, ah))).view).toMatchObject({ ipProto: 17, dstPort: 6, l4Off: 58 });
  });
});

describe("ARP", () => {
  const request = hex("0001 0800 06 04 0001 02aabbccdd02 c0a80101 000000000000 c0a80102");

  test("the packet without padding", () => {
    const { view, code } = decode(join(ethernet(0x0806, request), "00".repeat(18)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ etherType: 0x0806, ipVersion: 0, l3Off: 14, payloadOff: 14, payloadEnd: 42 });
  });

  test("too short for its own address lengths", () => {
    const frame = ethernet(0x0806, request);
    frame[18] = 16;
    expect(decode(frame).code).toBe(DECODE_BAD_LENGTH);
    expect(decode(ethernet(0x0806, request.subarray(0, 20)), 1, 60).code).toBe(DECODE_HEADER_CUT);
  });
});

describe("IPv6", () => {
  test("addresses and ICMPv6", () => {
    // Neighbour solicitation for fe80::1.
    const { view } = decode(ethernet(0x86dd, ipv6(58, hex("87 00 0000 00000000 fe80 0000000000000000 000000000001"))));
    expect(view).toMatchObject({
      etherType: 0x86dd,
      ipVersion: 6,
      src0: 0x20010db8,
      src3: 1,
      dst3: 2,
      ttl: 64,
      icmpType: 135,
      payloadOff: 62,
      payloadWireLength: 16,
    });
  });

  test("a chain of extension headers", () => {
    const chain = join(
      "3c 00 0104 00000000", // hop-by-hop, 8 octets, next: destination options
      "2b 00 0104 00000000", // destination options, next: routing
      "33 02 02 00 00000000 20010db8000000000000000000000009", // routing type 2, 24 octets, next: AH
      "11 01 0000 00000001 00000002", // AH of 12 octets, next: UDP
      udp(5, 6, HELLO),
    );
    const { view, code } = decode(ethernet(0x86dd, ipv6(0, chain)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ ipProto: 17, dstPort: 6, l4Off: 14 + 40 + 8 + 8 + 24 + 12, payloadWireLength: 5 });
  });

  test("fragments; one that is whole is none", () => {
    const first = decode(ethernet(0x86dd, ipv6(44, join("11 00 0001 cafebabe", udp(5, 6, HELLO)))));
    expect(first.view).toMatchObject({
      isFragment: 1,
      moreFragments: 1,
      fragmentOffset: 0,
      fragmentId: 0xcafebabe | 0,
      ipProto: 17,
      hasTransport: 0,
      l4Off: 62,
    });
    const last = decode(ethernet(0x86dd, ipv6(44, join("11 00 05a8 cafebabe", HELLO))));
    expect(last.view).toMatchObject({ isFragment: 1, moreFragments: 0, fragmentOffset: 1448 });
    const atomic = decode(ethernet(0x86dd, ipv6(44, join("11 00 0000 cafebabe", udp(5, 6, HELLO)))));
    expect(atomic.view).toMatchObject({ isFragment: 0, hasTransport: 1, dstPort: 6 });
  });

  test("an extension header longer than the packet: the IPv6 layer stands", () => {
    const { view, code } = decode(ethernet(0x86dd, ipv6(60, hex("11 ff 0000 00000000"))));
    expect(code).toBe(DECODE_BAD_LENGTH);
    expect(view).toMatchObject({ ipVersion: 6, ipProto: 60, hasTransport: 0, l4Off: 54 });
  });

  test("an endless chain ends", () => {
    const { view, code, counters } = decode(ethernet(0x86dd, ipv6(60, hex("3c00010400000000".repeat(100)))));
    expect(code).toBe(DECODE_TOO_DEEP);
    expect(view.ipVersion).toBe(6);
    expect(counters.too_many_layers).toBe(1);
  });

  test("mobility, and no next header", () => {
    // Binding update: payload protocol 59, 8 octets more.
    expect(decode(ethernet(0x86dd, ipv6(135, hex("3b 01 05 00 0000 0001 8000 0010 01020000")))).view.ipProto).toBe(135);
    const empty = decode(ethernet(0x86dd, ipv6(59, new Uint8Array(0))));
    expect(empty.code).toBe(DECODE_OK);
    expect(empty.view).toMatchObject({ ipProto: 59, hasTransport: 0, payloadWireLength: 0 });
  });

  test("a jumbogram's lengths of 0 end with the frame", () => {
    // Hop-by-hop with the jumbo option (RFC 2675), then UDP of length 0.
    const packet = ipv6(0, join("11 00 c2 04 00010001", "0005 0006 0000 0000", HELLO));
    packet[4] = 0;
    packet[5] = 0;
    const { view, code } = decode(ethernet(0x86dd, packet));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ dstPort: 6, payloadWireLength: 5 });
  });
});

describe("frames without IP", () => {
  test("LLDP, spanning tree, an empty frame", () => {
    const lldp = decode(ethernet(0x88cc, hex("0207")));
    expect(lldp.code).toBe(DECODE_UNSUPPORTED);
    expect(lldp.view).toMatchObject({ hasMac: 1, etherType: 0x88cc, ipVersion: 0, l3Off: 14, payloadEnd: 16 });
    expect(lldp.counters.unknown_ethertype).toBe(1);
    const spanningTree = decode(join(ethernet(38, join("42 42 03", "00".repeat(35))), "00".repeat(8)));
    expect(spanningTree.code).toBe(DECODE_UNSUPPORTED);
    expect(spanningTree.view).toMatchObject({ etherType: 0, payloadEnd: 52 });
    expect(decode(new Uint8Array(0)).code).toBe(DECODE_BAD_LENGTH);
    expect(decode(new Uint8Array(10), 1, 60).code).toBe(DECODE_HEADER_CUT);
  });
});

describe("decodeIp", () => {
  test("a packet put together keeps the frame's link layer and its depth", () => {
    const { view } = decode(ethernet(0x0800, ipv4(17, HELLO, 0x2000)));
    view.tunnelDepth = 1;
    const whole = join("ff", ipv4(17, udp(5, 6, HELLO)), "ff");
    const counters = new DecodeCounters();
    expect(decodeIp(view, whole, 1, whole.length - 1, counters)).toBe(DECODE_OK);
    expect(view).toMatchObject({ hasMac: 1, dstPort: 6, isFragment: 0, l3Off: 1, payloadOff: 29, tunnelDepth: 1 });
    expect(counters).toMatchObject({ pkts: 0, ipv4: 1, udp: 1 });
  });

  test("nothing, or something else", () => {
    const { view } = decode(ethernet(0x0800, ipv4(17, HELLO, 0x2000)));
    expect(decodeIp(view, new Uint8Array(0), 0, 0, new DecodeCounters())).toBe(DECODE_BAD_VERSION);
    expect(view).toMatchObject({ ipVersion: 0, src0: 0, isFragment: 0 });
  });
});
