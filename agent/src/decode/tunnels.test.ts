import { describe, expect, test } from "vitest";
import { DECODE_BAD_VERSION, DECODE_OK, DECODE_TOO_DEEP, DECODE_UNSUPPORTED } from "./codes.ts";
import { ascii, decode, ethernet, hex, ipv4, ipv6, join, tcp, udp } from "./testing.ts";

const HELLO = ascii("hello");
/** What is looked for inside: 10.0.0.1:5 > 10.0.0.2:6. */
const INNER4 = ipv4(17, udp(5, 6, HELLO));
const INNER6 = ipv6(6, tcp(7, 8, HELLO));
const INNER_FRAME = join("06 11 11 11 11 11 06 22 22 22 22 22 0800", INNER4);
const OVER_IP = (proto: number, payload: Uint8Array) => ethernet(0x0800, ipv4(proto, payload));
const OVER_UDP = (port: number, payload: Uint8Array) => OVER_IP(17, udp(40000, port, payload));

describe("IP in IP", () => {
  test.each([
    ["4 in 4", OVER_IP(4, INNER4), 4, "ipv4_in_ipv4"],
    ["6 in 4", OVER_IP(41, INNER6), 6, "ipv6_in_ipv4"],
    ["4 in 6", ethernet(0x86dd, ipv6(4, INNER4)), 4, "ipv4_in_ipv6"],
    ["6 in 6", ethernet(0x86dd, ipv6(41, INNER6)), 6, "ipv6_in_ipv6"],
  ] as const)("%s", (_name, frame, version, counter) => {
    const { view, code, counters, payload } = decode(frame);
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ ipVersion: version, tunnelDepth: 1, hasTransport: 1, dstPort: version === 4 ? 6 : 8 });
    expect(view.etherType).toBe(version === 4 ? 0x0800 : 0x86dd);
    expect([...payload]).toEqual([...HELLO]);
    expect(counters[counter]).toBe(1);
  });

  test("a bad packet inside leaves the one outside", () => {
    const { view, code } = decode(OVER_IP(4, hex("55".repeat(40))));
    expect(code).toBe(DECODE_BAD_VERSION);
    expect(view).toMatchObject({ ipVersion: 4, ipProto: 4, src0: 0x0a000001, hasTransport: 0, etherType: 0x0800 });
  });

  test("five tunnels: four are opened", () => {
    let packet = INNER4;
    for (let i = 0; i < 5; i++) packet = ipv4(4, packet);
    const { view, code, counters } = decode(ethernet(0x0800, packet));
    expect(code).toBe(DECODE_TOO_DEEP);
    expect(view).toMatchObject({ ipVersion: 4, ipProto: 4, tunnelDepth: 4 });
    expect(counters).toMatchObject({ too_many_tunnels: 1, ipv4: 5 });
  });
});

describe("GRE", () => {
  test.each([
    ["plain", "0000 0800", INNER4],
    ["checksum, key, sequence", "b000 0800 12340000 00000001 00000002", INNER4],
    ["IPv6", "0000 86dd", INNER6],
    ["Ethernet", "0000 6558", INNER_FRAME],
    ["source route (RFC 1701)", "4000 0800 00000000 0800 00 04 0a000009 00000000", INNER4],
    ["PPTP, with sequence and acknowledgment", "3081 880b 0032 0001 00000001 00000001 ff03 0021", INNER4],
    ["PPTP, compressed", "3001 880b 0032 0001 00000001 21", INNER4],
  ])("%s", (_name, header, inner) => {
    const { view, code, counters } = decode(OVER_IP(47, join(header, inner)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ hasTransport: 1, tunnelDepth: 1, payloadWireLength: 5 });
    expect(counters.gre).toBe(1);
  });

  test("the frame inside has its own addresses and tags", () => {
    const frame = join("02aabbccdd01 02aabbccdd02 8100 0064 0800", ipv4(47, join("0000 6558", INNER_FRAME)));
    const { view } = decode(frame);
    expect(view).toMatchObject({ dstMacHigh: 0x061111, srcMacHigh: 0x062222, vlanCount: 0, vlan0: 0 });
  });

  test("PPTP acknowledgments and unknown content are GRE and no more", () => {
    const ack = decode(OVER_IP(47, hex("2081 880b 0000 0001 00000001")));
    expect(ack.code).toBe(DECODE_OK);
    expect(ack.view).toMatchObject({ ipProto: 47, tunnelDepth: 0, hasTransport: 0 });
    const keepalive = decode(OVER_IP(47, hex("0000 0000")));
    expect(keepalive.code).toBe(DECODE_OK);
    expect(keepalive.view.ipProto).toBe(47);
    const version = decode(OVER_IP(47, hex("0002 0800 00000000")));
    expect(version.code).toBe(DECODE_BAD_VERSION);
  });

  test.each([
    ["type I", "0000 88be", 0],
    ["type II, VLAN 100", "1000 88be 00000001 1064 0001 00000000", 1],
    ["type III, VLAN 100, subheader", "1000 22eb 00000001 2064 0001 00000000 0000 0001 0000000000000000", 1],
  ])("ERSPAN %s", (_name, header, vlans) => {
    const { view, code, counters } = decode(OVER_IP(47, join(header, INNER_FRAME)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ dstPort: 6, srcMacHigh: 0x062222, vlanCount: vlans, vlan0: vlans * 100 });
    expect(counters.erspan).toBe(1);
  });

  test("ERSPAN mirrors ARP too", () => {
    const arp = join(
      "ffffffffffff 062222222222 0806",
      "0001 0800 0604 0001 062222222222 0a000001 000000000000 0a000002",
    );
    const { view, code } = decode(OVER_IP(47, join("1000 88be 00000001 1064 0001 00000000", arp)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ etherType: 0x0806, ipVersion: 0, src0: 0, ipProto: 0, vlan0: 100 });
    expect(view.payloadEnd - view.l3Off).toBe(28);
  });
});

describe("tunnels over UDP are opened when their content proves them", () => {
  const VXLAN = "08000000 00000a00";
  const GENEVE_OPTION = "0200 6558 00000a00 0102 80 01 deadbeef"; // two words of options
  const cases: [string, number, string, Uint8Array, string][] = [
    ["VXLAN", 4789, VXLAN, INNER_FRAME, "vxlan"],
    ["VXLAN on Linux's old port", 8472, VXLAN, INNER_FRAME, "vxlan"],
    ["Geneve with an option", 6081, GENEVE_OPTION, INNER_FRAME, "geneve"],
    ["Geneve with IPv4", 6081, "0000 0800 00000a00", INNER4, "geneve"],
    ["Teredo", 3544, "", INNER6, "teredo"],
    // Client identifier of 2 octets, value of 1, nonce, confirmation; then an origin.
    ["Teredo with both headers", 3544, "0001 02 01 aabb cc 0102030405060708 00 0000 1234 3fddc0f5", INNER6, "teredo"],
    ["GTP-U", 2152, "30 ff 0021 00000001", INNER4, "gtp"],
    // Extension flag: sequence, N-PDU, next 0x85 (PDU session container, one word), next none.
    ["GTP-U with an extension", 2152, "34 ff 0029 00000001 0000 00 85 01 1001 00", INNER4, "gtp"],
  ];
  test.each(cases)("%s", (_name, port, header, inner, counter) => {
    const { view, code, counters, payload } = decode(OVER_UDP(port, join(header, inner)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ tunnelDepth: 1, hasTransport: 1 });
    expect(view.dstPort).toBe(inner === INNER6 ? 8 : 6);
    expect([...payload]).toEqual([...HELLO]);
    expect({ ...counters }[counter]).toBe(1);
  });

  test.each(cases)("%s with anything wrong inside is a plain datagram", (_name, port, header, inner, counter) => {
    const broken = join(header, inner);
    // Cut the packet inside by one octet: its length no longer fits.
    const { view, code, counters } = decode(OVER_UDP(port, broken.subarray(0, broken.length - 1)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ tunnelDepth: 0, srcPort: 40000, dstPort: port, payloadOff: 42 });
    expect(view.payloadWireLength).toBe(broken.length - 1);
    expect({ ...counters }[counter]).toBe(0);
  });

  test("Teredo's own upkeep stays a datagram: a bubble, a router solicitation", () => {
    const bubble = decode(OVER_UDP(3544, ipv6(59, new Uint8Array(0))));
    expect(bubble.view).toMatchObject({ ipVersion: 4, dstPort: 3544, tunnelDepth: 0 });
    const solicitation = ipv6(58, hex("85 00 0000 00000000"));
    solicitation.set(hex("fe80"), 8);
    expect(decode(OVER_UDP(3544, solicitation)).view).toMatchObject({ ipVersion: 4, tunnelDepth: 0 });
  });

  test("other traffic on those ports", () => {
    const { view } = decode(OVER_UDP(4789, ascii("a DNS answer to an unlucky source port, say")));
    expect(view).toMatchObject({ dstPort: 4789, tunnelDepth: 0 });
  });

  test("a frame cut by the snap length is opened all the same", () => {
    const frame = OVER_UDP(
      4789,
      join(VXLAN, join("061111111111 062222222222 0800", ipv4(6, tcp(5, 6, new Uint8Array(900))))),
    );
    const { view } = decode(frame.subarray(0, 128), 1, frame.length);
    expect(view).toMatchObject({ tunnelDepth: 1, dstPort: 6, payloadWireLength: 900, payloadEnd: 128 });
  });
});

describe("MPLS", () => {
  test.each([
    ["IPv4 behind two labels", "00010040 00020140", INNER4, 0x0800],
    ["IPv6", "00020140", INNER6, 0x86dd],
    ["an Ethernet pseudowire with control word", "00020140 00000001", INNER_FRAME, 0x0800],
    ["an Ethernet pseudowire without", "00020140", INNER_FRAME, 0x0800],
  ])("%s", (_name, stack, inner, etherType) => {
    const { view, code, counters } = decode(ethernet(0x8847, join(stack, inner)));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ hasTransport: 1, etherType, payloadWireLength: 5, tunnelDepth: 0 });
    expect(counters.mpls).toBe(1);
  });

  test("a stack without bottom, and something unknown", () => {
    expect(decode(ethernet(0x8847, hex("00010040".repeat(40)))).code).toBe(DECODE_TOO_DEEP);
    expect(decode(ethernet(0x8847, hex("00010140 a0a0a0a0"))).code).toBe(DECODE_UNSUPPORTED);
  });
});
