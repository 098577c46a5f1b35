import { describe, expect, test } from "vitest";
import {
  DECODE_BAD_HEADER,
  DECODE_BAD_LENGTH,
  DECODE_BAD_VERSION,
  DECODE_ENCRYPTED,
  DECODE_OK,
  DECODE_UNSUPPORTED,
} from "./codes.ts";
import { ascii, DST_MAC, decode, ethernet, hex, ipv4, ipv6, join, SRC_MAC, tcp, udp } from "./testing.ts";

const HELLO = ascii("hello");
const V4 = ipv4(17, udp(5, 6, HELLO));
const V6 = ipv6(6, tcp(7, 8, HELLO));
const SNAP = "aaaa03 000000 0800";

describe("tags", () => {
  test("one VLAN, 802.1ad, old QinQ, three tags", () => {
    expect(decode(ethernet(0x8100, join("a00a 0800", V4))).view).toMatchObject({ vlanCount: 1, vlan0: 10, dstPort: 6 });
    const double = decode(ethernet(0x88a8, join("0064 8100 0007 86dd", V6)));
    expect(double.view).toMatchObject({ vlanCount: 2, vlan0: 100, vlan1: 7, etherType: 0x86dd, dstPort: 8 });
    expect(double.counters).toMatchObject({ vlan: 1, vlan_qinq: 1 });
    expect(decode(ethernet(0x9100, join("0064 0800", V4))).view.vlan0).toBe(100);
    const triple = decode(ethernet(0x8100, join("0001 8100 0002 8100 0003 0800", V4)));
    expect(triple.view).toMatchObject({ vlanCount: 2, vlan0: 1, vlan1: 2, dstPort: 6 });
    expect(triple.counters.vlan_qinqinq).toBe(1);
  });

  test("a tag before LLC, a tag that is cut", () => {
    expect(decode(ethernet(0x8100, join("0001 0029", SNAP, V4))).view.dstPort).toBe(6);
    expect(decode(ethernet(0x8100, hex("00"))).code).toBe(DECODE_BAD_LENGTH);
  });

  test("bridge tags: VN-Tag, E-Tag, 802.1ah, FabricPath", () => {
    expect(decode(ethernet(0x8926, join("00010002 0800", V4))).view.dstPort).toBe(6);
    expect(decode(ethernet(0x893f, join("000000010000 0800", V4))).view.dstPort).toBe(6);
    const customer = join("06 11 11 11 11 11 06 22 22 22 22 22 0800", V4);
    expect(decode(ethernet(0x88e7, join("00001234", customer))).view).toMatchObject({
      srcMacHigh: 0x062222,
      dstPort: 6,
    });
    expect(decode(ethernet(0x8903, join("0001", customer))).view).toMatchObject({ srcMacHigh: 0x062222, dstPort: 6 });
  });
});

describe("802.3", () => {
  test("SNAP, and padding cut off by the length", () => {
    const { view, code } = decode(join(ethernet(8 + V4.length, join(SNAP, V4)), "000000"));
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ etherType: 0x0800, l3Off: 22, dstPort: 6 });
  });

  test("IP on its own SAP; Cisco's SNAP; a length that is neither", () => {
    expect(decode(ethernet(3 + V4.length, join("060603", V4))).view.dstPort).toBe(6);
    expect(decode(ethernet(10, hex("aaaa03 00000c 2000 0102"))).code).toBe(DECODE_UNSUPPORTED);
    expect(decode(ethernet(0x05ff, V4)).code).toBe(DECODE_UNSUPPORTED);
  });
});

describe("Linux cooked", () => {
  test("version 1: the sender's address only", () => {
    // Incoming, ARPHRD_ETHER, 6 octets of address, IPv4.
    const { view, counters } = decode(join("0000 0001 0006", SRC_MAC, "0000 0800", V4), 113);
    expect(view).toMatchObject({ hasMac: 1, srcMacHigh: 0x02aabb, srcMacLow: 0xccdd02, dstMacLow: 0, dstPort: 6 });
    expect(counters.sll).toBe(1);
  });

  test("version 1: loopback, VLAN, LLC, CAN", () => {
    expect(decode(join("0000 0304 0006 0000000000000000 86dd", V6), 113).view).toMatchObject({ hasMac: 0, dstPort: 8 });
    expect(decode(join("0000 0001 0006", SRC_MAC, "0000 8100 0005 0800", V4), 113).view.vlan0).toBe(5);
    expect(decode(join("0000 0001 0006", SRC_MAC, "0000 0004", SNAP, V4), 113).view.dstPort).toBe(6);
    expect(decode(join("0001 0118 0000 0000000000000000 000c", V4), 113).code).toBe(DECODE_UNSUPPORTED);
  });

  test("version 2", () => {
    // IPv6, reserved, interface 2, ARPHRD_ETHER, incoming, 6 octets of address.
    const { view, counters } = decode(join("86dd 0000 00000002 0001 00 06", SRC_MAC, "0000", V6), 276);
    expect(view).toMatchObject({ hasMac: 1, srcMacLow: 0xccdd02, dstPort: 8 });
    expect(counters.sll2).toBe(1);
  });
});

describe("loopback and raw", () => {
  test.each([
    ["02000000", 0, V4],
    ["00000002", 0, V4],
    ["00000002", 108, V4],
    ["0a000000", 0, V6],
    ["17000000", 0, V6],
    ["18000000", 0, V6],
    ["1c000000", 0, V6],
    ["1e000000", 0, V6],
    ["0000001e", 108, V6],
  ])("family %s on %i", (family, linkType, packet) => {
    const { view, code } = decode(join(family, packet), linkType);
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ hasMac: 0, hasTransport: 1, l3Off: 4 });
  });

  test("another family", () => {
    expect(decode(join("07000000", V4), 0).code).toBe(DECODE_UNSUPPORTED);
  });

  test.each([101, 12, 14])("raw IP on %i", (linkType) => {
    expect(decode(V4, linkType).view).toMatchObject({ ipVersion: 4, etherType: 0x0800, dstPort: 6 });
    expect(decode(V6, linkType).view).toMatchObject({ ipVersion: 6, etherType: 0x86dd, dstPort: 8 });
    expect(decode(hex("70"), linkType).code).toBe(DECODE_BAD_VERSION);
  });

  test("one version only", () => {
    expect(decode(V4, 228).view.dstPort).toBe(6);
    expect(decode(V6, 229).view.dstPort).toBe(8);
    expect(decode(V6, 228).code).toBe(DECODE_BAD_VERSION);
  });
});

describe("PPP", () => {
  test.each([
    ["with framing", "ff03 0021", 9, V4],
    ["without", "0057", 9, V6],
    ["protocol of one octet", "21", 9, V4],
    ["framing and one octet", "ff03 57", 9, V6],
    ["MPLS", "ff03 0281 00020140", 9, V4],
    ["serial", "ff03 0021", 50, V4],
    ["Cisco HDLC under the serial number", "0f00 0800", 50, V4],
    ["Cisco HDLC", "8f00 86dd", 104, V6],
    ["PPPoE", "11 00 0001 0023 0021", 51, V4],
    ["with direction", "00 ff03 0021", 204, V4],
    ["of pppd", "01 0021", 166, V4],
  ])("%s", (_name, header, linkType, packet) => {
    const { view, code } = decode(join(header, packet), linkType);
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ hasTransport: 1, payloadWireLength: 5 });
  });

  test("LCP is PPP and no more", () => {
    expect(decode(hex("ff03 c021 01010004"), 9).code).toBe(DECODE_UNSUPPORTED);
  });

  test("PPPoE over Ethernet: session with padding, discovery, wrong version", () => {
    const session = decode(join(ethernet(0x8864, join("11 00 0001 0023 0021", V4)), "0000"));
    expect(session.view).toMatchObject({ hasMac: 1, dstPort: 6, etherType: 0x0800 });
    expect(session.counters).toMatchObject({ pppoe: 1, ppp: 1 });
    const discovery = decode(ethernet(0x8863, hex("11 09 0000 0004 01010000")));
    expect(discovery.code).toBe(DECODE_UNSUPPORTED);
    expect(discovery.view).toMatchObject({ etherType: 0x8863, ipVersion: 0 });
    expect(decode(ethernet(0x8864, join("21 00 0001 0023 0021", V4))).code).toBe(DECODE_BAD_VERSION);
  });
});

describe("802.11", () => {
  const A = "020000000a0a";
  const B = "020000000b0b";
  const C = "020000000c0c";
  const D = "020000000d0d";
  const macs = (dst: number, src: number) => ({ dstMacLow: dst, srcMacLow: src });

  test.each([
    // Frame control, duration, three addresses, sequence control; source and destination by To DS and From DS.
    ["ad hoc", `0800 0000 ${A} ${B} ${C} 0000`, macs(0x000a0a, 0x000b0b)],
    ["to the access point", `0801 0000 ${A} ${B} ${C} 0000`, macs(0x000c0c, 0x000b0b)],
    ["from the access point", `0802 0000 ${A} ${B} ${C} 0000`, macs(0x000a0a, 0x000c0c)],
    ["between access points", `0803 0000 ${A} ${B} ${C} 0000 ${D}`, macs(0x000c0c, 0x000d0d)],
    ["QoS", `8802 0000 ${A} ${B} ${C} 0000 0000`, macs(0x000a0a, 0x000c0c)],
    ["QoS with HT control", `8882 0000 ${A} ${B} ${C} 0000 0000 00000000`, macs(0x000a0a, 0x000c0c)],
    ["an aggregate", `8801 0000 ${A} ${B} ${C} 0000 8000 ${D} ${A} 0029`, macs(0x000d0d, 0x000a0a)],
  ])("%s", (_name, header, expected) => {
    const { view, code } = decode(join(header, SNAP, V4), 105);
    expect(code).toBe(DECODE_OK);
    expect(view).toMatchObject({ hasMac: 1, dstPort: 6, etherType: 0x0800, ...expected });
  });

  test("protected, null, beacon, second fragment", () => {
    const rest = `0000 ${A} ${B} ${C}`;
    const wep = decode(join(`0841 ${rest} 0000`, "11223344", V4), 105);
    expect(wep.code).toBe(DECODE_ENCRYPTED);
    expect(wep.view).toMatchObject({ hasMac: 1, srcMacLow: 0x000b0b, ipVersion: 0 });
    expect(wep.counters.ieee80211_protected).toBe(1);
    expect(decode(hex(`4801 ${rest} 0000`), 105).code).toBe(DECODE_UNSUPPORTED);
    expect(decode(hex(`8000 ${rest} 0000`), 105).code).toBe(DECODE_UNSUPPORTED);
    expect(decode(join(`0801 ${rest} 0100`, SNAP, V4), 105).code).toBe(DECODE_UNSUPPORTED);
  });

  const data = join(`0801 0000 ${A} ${B} ${C} 0000`, SNAP, V4);

  test("radiotap: no flags; timestamp, then flags with check sequence; two presence words", () => {
    expect(decode(join("00 00 0800 00000000", data), 127).view.dstPort).toBe(6);
    const checked = decode(join("00 00 1100 03000000 0102030405060708 10", data, "deadbeef"), 127);
    expect(checked.view).toMatchObject({ dstPort: 6, payloadWireLength: 5 });
    expect(decode(join("00 00 0d00 02000080 00000000 00", data), 127).view.dstPort).toBe(6);
  });

  test("radiotap: padding between an 802.11 header of 26 octets and LLC", () => {
    const qos = join(`8801 0000 ${A} ${B} ${C} 0000 0000`, "0000", SNAP, V4);
    expect(decode(join("00 00 0900 02000000 20", qos), 127).view.dstPort).toBe(6);
  });

  test("radiotap: wrong version, lengths that lie", () => {
    expect(decode(join("01 00 0800 00000000", data), 127).code).toBe(DECODE_BAD_VERSION);
    expect(decode(join("00 00 0400 00000000", data), 127).code).toBe(DECODE_BAD_LENGTH);
    expect(decode(join("00 00 ffff 00000000", data), 127).code).toBe(DECODE_BAD_LENGTH);
    expect(decode(join("00 00 0800 000000ff", data), 127).code).toBe(DECODE_BAD_LENGTH);
  });

  test("Prism in either order, AVS", () => {
    expect(decode(join("44000000 90000000", "00".repeat(136), data), 119).view.dstPort).toBe(6);
    expect(decode(join("00000044 00000090", "00".repeat(136), data), 119).view.dstPort).toBe(6);
    const avs = join("80211001 00000040", "00".repeat(56), data);
    expect(decode(avs, 163).view.dstPort).toBe(6);
    expect(decode(avs, 119).view.dstPort).toBe(6);
    expect(decode(join("12345678 00000040", "00".repeat(56), data), 163).code).toBe(DECODE_BAD_HEADER);
  });
});

describe("logs of packet filters", () => {
  test("NFLOG in either byte order", () => {
    // IPv4, version 0, resource 5; attribute 1 of 8 octets, attribute 10 of 5 (padded to 8), attribute 9 with the packet.
    const little = join("02 00 0005 0800 0100 08000100 0500 0a00 00000000 2500 0900", V4);
    expect(decode(little, 239).view).toMatchObject({ dstPort: 6, hasMac: 0 });
    const big = join("0a 00 0005 0008 0001 08000100 0045 0009", V6);
    expect(decode(big, 239).view).toMatchObject({ ipVersion: 6, dstPort: 8 });
    expect(decode(hex("02 00 0005 0300 0100"), 239).code).toBe(DECODE_BAD_LENGTH);
    expect(decode(hex("02 00 0005 0800 0100 00000000"), 239).code).toBe(DECODE_BAD_LENGTH);
  });

  test("PFLOG: 61 octets of header, padded to 64", () => {
    expect(decode(join("3d 02", "00".repeat(62), V4), 117).view).toMatchObject({ dstPort: 6 });
    expect(decode(join("3d 18", "00".repeat(62), V6), 117).view).toMatchObject({ dstPort: 8 });
  });
});

test("an unknown link type", () => {
  const { view, code, counters } = decode(join(DST_MAC, SRC_MAC, "0800", V4), 230);
  expect(code).toBe(DECODE_UNSUPPORTED);
  expect(view).toMatchObject({ hasMac: 0, ipVersion: 0, l3Off: 0 });
  expect(counters.unknown_link_type).toBe(1);
});
